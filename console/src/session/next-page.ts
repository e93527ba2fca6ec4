/*
 * Where a person goes after signing in. It is kept in the browser's tab: in the address of the sign-in it would be sent
 * to the server, and with it the person whom a page is about.
 */

const STORED = 'kaijo-next-page'
const BASE = '/console'
const START = '/'
/** Browsers treat these as slashes or drop them, so that an address leads elsewhere than it seems to. */
const MISREAD = /[\\\u0000-\u001f\u007f]/

/** `page` is an address in the router's form: without the console's own base. */
export function keepNextPage(page: string): void {
  sessionStorage.setItem(STORED, page)
}

/** The page that was wanted, given once; the console's start if there was none. */
export function takeNextPage(): string {
  const wanted = sessionStorage.getItem(STORED)
  sessionStorage.removeItem(STORED)
  return ownPage(wanted)
}

/** An address comes from a stranger, so anything that is not a page of the console counts as its start. */
function ownPage(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/') || MISREAD.test(wanted)) return START
  const address = `${BASE}${wanted}`
  if (!URL.canParse(address, location.origin)) return START
  // Resolved, so that no .. leads out of the console and no . hides a host.
  const { origin, pathname, search, hash } = new URL(address, location.origin)
  const page = pathname.slice(BASE.length)
  const isOurs = origin === location.origin && pathname.startsWith(`${BASE}/`) && !page.startsWith('//')
  return isOurs ? `${page}${search}${hash}` : START
}
