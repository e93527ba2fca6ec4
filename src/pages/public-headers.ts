/**
 * What every answer on the public endpoint carries. The URL itself is the credential, so no cache keeps it, no search
 * engine lists it and no other site is told of it. No cookie is ever set (RFC 8058 section 3.1).
 */
export const PUBLIC_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
} as const

/** The headers of every public answer that is not a page. */
export const TEXT_HEADERS = { ...PUBLIC_HEADERS, 'content-type': 'text/plain; charset=utf-8' } as const
