/** A Content-Type (RFC 2045 §5.1), its type and the names of its parameters in lower case. */
export interface ContentType {
  type: string
  parameters: ReadonlyMap<string, string>
}

const LONGEST = 4_000
const TYPE = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)/
const PARAMETER = /;\s*([\w!#$&^.+*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/g

/** Reads a Content-Type from its unfolded value; one that is missing or unreadable is `text/plain` (RFC 2045 §5.2). */
export function parseContentType(value: string | undefined): ContentType {
  const text = (value ?? '').slice(0, LONGEST)
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, bare = ''] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase().replace(/\*\d*\*?$/, '')
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? bare)
  }
  return { type: TYPE.exec(text)?.[1]?.toLowerCase() ?? 'text/plain', parameters }
}
