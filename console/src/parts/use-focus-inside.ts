import { type RefObject, useEffect } from 'react'

/**
 * Keeps the focus in an open window where the control that had it is gone, as at each step of a procedure: it goes to the window itself,
 * whose title is then read, and Tab leads on from there.
 */
export function useFocusInside(root: RefObject<HTMLElement | null>, opened: boolean): void {
  useEffect(() => {
    if (!opened || document.activeElement !== document.body) return
    root.current?.querySelector<HTMLElement>('[role=dialog]')?.focus({ preventScroll: true })
  })
}
