import { type RefObject, useEffect } from 'react'

/**
 * Keeps the focus in an open window when the focused control disappears, as at each step of a procedure: it moves to
 * the window itself, whose title is then read out, and Tab goes on from there.
 */
export function useFocusInside(root: RefObject<HTMLElement | null>, opened: boolean): void {
  useEffect(() => {
    if (!opened || document.activeElement !== document.body) return
    root.current?.querySelector<HTMLElement>('[role=dialog]')?.focus({ preventScroll: true })
  })
}
