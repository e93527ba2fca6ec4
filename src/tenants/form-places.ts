import { z } from 'zod'

const MOST_CHARACTERS = 1_000
/** Both end up in Content-Security-Policies, where other characters in a URL's host would have a meaning. */
const ORIGIN = /^https?:\/\/[a-z\d.-]+(?::\d+)?$/

/** Where a browser is led: an https URL, as ASCII. */
export const redirectUrl = z.string().transform((text, context) => {
  const url = parse(text)
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href
  context.addIssue({ code: 'custom', message: 'must be an https URL, without a user name' })
  return z.NEVER
})

/** Scheme, host and port of a site; http on one's own machine only. */
export const embedOrigin = z.string().transform((text, context) => {
  const url = parse(text)
  const isOwnMachine = url?.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname)
  if (url?.href === `${url?.origin}/` && (url.protocol === 'https:' || isOwnMachine)) return url.origin
  context.addIssue({ code: 'custom', message: 'must be an origin, e.g. https://www.example.com' })
  return z.NEVER
})

function parse(text: string): URL | undefined {
  const url = text.length <= MOST_CHARACTERS ? URL.parse(text) : null
  return url && ORIGIN.test(url.origin) ? url : undefined
}
