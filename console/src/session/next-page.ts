const BASE = '/console'
const START = '/'
/** Browsers take these for slashes or leave them out, so that an address leads elsewhere than it looks. */
const MISREAD = /[\\\u0000-\u001f\u007f]/

/**
 * Where someone goes on after a sign-in, as the router names pages: without the console's own base. What an address says is a stranger's
 * word, so that whatever is no page of the console counts as its start.
 */
export function nextPage(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || MISREAD.test(wanted)) return START
  const address = `${BASE}${wanted}`
  if (!URL.canParse(address, location.origin)) return START
  // Resolved, so that no .. leads out of the console, and no . hides a host.
  const { origin, pathname, search, hash } = new URL(address, location.origin)
  const page = pathname.slice(BASE.length)
  const isOurs = origin === location.origin && pathname.startsWith(`${BASE}/`) && !page.startsWith('//')
  return isOurs ? `${page}${search}${hash}` : START
}
