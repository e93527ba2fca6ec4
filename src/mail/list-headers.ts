import { invalid } from '../kernel/domain-error.ts'

/** The values of the two fields of RFC 8058 §3.1, each on one unfolded line. */
export type HeaderPair = { listUnsubscribe: string; listUnsubscribePost: string }

/**
 * What a message's own List-Unsubscribe offers: `https` when one of its URIs can be posted to, `other` when it holds
 * only other kinds of URIs, `malformed` when there is a field but no readable URI, `absent` when there is no field.
 */
export type ListUnsubscribeKind = 'https' | 'other' | 'malformed' | 'absent'

/** A URI that can stand between angle brackets on one line; non-ASCII belongs percent-encoded (RFC 3986 §2). */
const URI_TEXT = /^[!-~]+$/
/** What fits between `List-Unsubscribe: <` and `>` in a line of 998 octets. */
const MAX_URI = 978
const URI_DELIMITERS = /["<>\\]/
const SCHEME = /^[a-z][a-z0-9+.-]*:./i

/**
 * The header pair for one recipient: `<url>` or `<url>, <mailto:…>`, and `List-Unsubscribe=One-Click`. `mailto` is a
 * whole mailto URI.
 * @throws DomainError invalid-value (`url`, `mailto`) for a URI that would break out of its brackets.
 */
export function listHeaderPair({ url, mailto }: { url: string; mailto?: string | undefined }): HeaderPair {
  if (!isUri(url, 'https:', 'http:'))
    throw invalid('url', 'The unsubscribe URL must be an absolute URL in ASCII.')
  if (mailto !== undefined && !isUri(mailto, 'mailto:'))
    throw invalid('mailto', 'Must be a mailto URI in ASCII.')
  return {
    listUnsubscribe: mailto === undefined ? `<${url}>` : `<${url}>, <${mailto}>`,
    listUnsubscribePost: 'List-Unsubscribe=One-Click',
  }
}

/**
 * Checks the unsubscribe URL that a customer gives for a recipient; RFC 8058 §3.1 requires https.
 * @throws DomainError invalid-value, naming `field`, for another scheme, blanks, CR, LF, brackets or non-ASCII.
 */
export function requireHttpsUrl(url: string, field: string): void {
  if (!isUri(url, 'https:'))
    throw invalid(field, 'Must be an https URL in ASCII, without blanks or brackets.')
}

/** Reads the List-Unsubscribe values of a message, top to bottom; there should be one, and only the first counts. */
export function readListUnsubscribe(values: readonly string[]): ListUnsubscribeKind {
  const [first] = values
  if (first === undefined) return 'absent'
  const uris = bracketedUris(first)
  if (uris.length === 0) return 'malformed'
  return uris.some((uri) => /^https:/i.test(uri) && URL.canParse(uri)) ? 'https' : 'other'
}

/**
 * The URIs of a list field by the reading rules of RFC 2369 §2: white space inside brackets is ignored, comments may
 * stand around them, an item that is not a bracketed URI ends the reading, and so does anything but a comma after one.
 */
function bracketedUris(value: string): string[] {
  const uris: string[] = []
  let at = skipComments(value, 0)
  while (value[at] === '<') {
    const close = value.indexOf('>', at)
    if (close === -1) break
    const uri = value.slice(at + 1, close).replace(/\s+/g, '')
    if (!SCHEME.test(uri)) break
    uris.push(uri)
    at = skipComments(value, close + 1)
    if (value[at] !== ',') break
    at = skipComments(value, at + 1)
  }
  return uris
}

/** The first place from `at` on that is neither white space nor a comment, which may nest (RFC 5322 §3.2.2). */
function skipComments(value: string, at: number): number {
  let depth = 0
  let place = at
  for (; place < value.length; place++) {
    const character = value[place] as string
    if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (character === '\\' && depth > 0) place++
    else if (depth === 0 && !/\s/.test(character)) break
  }
  return place
}

function isUri(text: string, ...schemes: string[]): boolean {
  if (text.length > MAX_URI || !URI_TEXT.test(text) || URI_DELIMITERS.test(text)) return false
  const scheme = URL.parse(text)?.protocol
  return scheme !== undefined && schemes.includes(scheme)
}
