import { useEffect } from 'react'

const FADED_MS = 300

/**
 * Returns the focus to where it was before a window took it, even where the window exists only while it is open and its
 * opener was in a menu or is gone: otherwise people who work by keyboard would start at the top of the page again.
 */
export function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return
    const opener = document.activeElement
    const menu = opener?.closest('[role=menu]')?.getAttribute('aria-labelledby')
    const place = menu ? document.getElementById(menu) : opener
    // Unless something else has taken the focus meanwhile.
    const goBack = () => {
      if (document.activeElement !== document.body) return
      const isThere = place?.isConnected && place !== document.body
      const target = isThere ? place : document.getElementById('content')
      if (target instanceof HTMLElement) target.focus({ preventScroll: true })
    }
    // At once if the window disappeared together with what contained it, otherwise once it has faded out.
    return () => {
      setTimeout(goBack)
      setTimeout(goBack, FADED_MS)
    }
  }, [opened])
}
