import { useEffect } from 'react'

/**
 * Lets the focus go back to where it was before a window took it, also where the window is there only while it is open, and its opener
 * was a menu or is gone: who works by keyboard would otherwise begin at the top of the page again.
 */
export function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return
    const opener = document.activeElement
    const menu = opener?.closest('[role=menu]')?.getAttribute('aria-labelledby')
    const place = menu ? document.getElementById(menu) : opener
    return () => {
      // Once the window is gone, and unless something else took the focus meanwhile.
      setTimeout(() => {
        if (document.activeElement !== document.body) return
        const target = place?.isConnected ? place : document.getElementById('content')
        if (target instanceof HTMLElement) target.focus({ preventScroll: true })
      })
    }
  }, [opened])
}
