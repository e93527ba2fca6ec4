import { useEffect } from 'react'

const FADED_MS = 300

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
    // Unless something else took the focus meanwhile.
    const goBack = () => {
      if (document.activeElement !== document.body) return
      const isThere = place?.isConnected && place !== document.body
      const target = isThere ? place : document.getElementById('content')
      if (target instanceof HTMLElement) target.focus({ preventScroll: true })
    }
    // At once where the window is gone with what it stood in, else once it has faded.
    return () => {
      setTimeout(goBack)
      setTimeout(goBack, FADED_MS)
    }
  }, [opened])
}
