import { bareHost, isLoopback } from './host.ts'
import { refuse, refuseFor } from './mistake.ts'

/**
 * What every `base_url` starts with. `href` is origin and path without a trailing slash; `prefix` is that path
 * alone, '' or e.g. '/mail', as it stands at the start of a raw request target.
 */
export type PublicUrl = { readonly href: string; readonly prefix: string }

/** Reads the public URL. RFC 8058 section 3.1 asks for https; http is let through on one's own machine only. */
export function parsePublicUrl(text: string): PublicUrl {
  const url = URL.parse(text) ?? refuse('is not a URL, e.g. https://unsubscribe.example.com')
  refuseFor([
    url.protocol !== 'https:' && url.protocol !== 'http:' && 'does not begin with https://',
    url.protocol === 'http:' &&
      !isLoopback(bareHost(url.hostname)) &&
      'must begin with https:// (http:// is for localhost only)',
    (url.username !== '' || url.password !== '') && 'must not hold a user name or a password',
    /[?#]/.test(text) && 'must not hold a query or a fragment',
    url.pathname.includes('//') && 'has an empty segment in its path',
  ])
  const prefix = url.pathname.replace(/\/$/, '')
  return { href: url.origin + prefix, prefix }
}
