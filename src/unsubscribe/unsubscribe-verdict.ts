/** `other-value`: the body explicitly asks for something else, so nothing changes. */
export type UnsubscribeVerdict = 'one-click' | 'other-value'

const ONE_CLICK = 'one-click'
const FIELD = 'list-unsubscribe'
const DISPOSITION = /^content-disposition\s*:.*;\s*name\s*=\s*"?list-unsubscribe"?\s*(?:;|$)/i

/**
 * Decides whether the body of a POST asks to be unsubscribed. RFC 8058 section 3.1 wants `List-Unsubscribe=One-Click`,
 * but people who press the button come through clients that send other types, no type, nothing at all, or multipart
 * with delimiters as wrong as in the RFC's own section 8.3. A wish to stop is never ignored because of its form: only a
 * readable List-Unsubscribe field with a different value is taken at its word. A truncated value counts as whole.
 */
export function unsubscribeVerdict(body: Buffer): UnsubscribeVerdict {
  const text = body.toString('latin1')
  const values = [...formValues(text), ...multipartValues(text)]
  return values.length === 0 || values.some(asksToStop) ? 'one-click' : 'other-value'
}

function asksToStop(value: string): boolean {
  return ONE_CLICK.startsWith(value.trim().toLowerCase())
}

/** The field in `name=value&name=value`, as urlencoded and text/plain forms have it. */
function formValues(text: string): string[] {
  return [...new URLSearchParams(text)].flatMap(([name, value]) =>
    name.trim().toLowerCase() === FIELD ? [value] : [],
  )
}

/** The field in multipart bodies, read line by line without regard to delimiters: the line after the part's blank one. */
function multipartValues(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/)
  return lines.flatMap((line, index) => {
    if (!DISPOSITION.test(line)) return []
    const blank = lines.indexOf('', index)
    const value = blank === -1 ? undefined : lines[blank + 1]
    return value === undefined || value.startsWith('--') ? [] : [value]
  })
}
