/**
 * The path and query of a raw request target below the public URL, as `request.url` has it: latin1, nothing decoded, in
 * origin or absolute form (RFC 9112 §3.2). `prefix` is the path of the public URL. A target without that prefix is
 * accepted too: proxies strip it, and links from before the public URL changed have to work for ever.
 */
export function publicPath(rawTarget: string, prefix: string): string {
  const target = rawTarget.replace(/^https?:\/\/[^/?#]*/i, '')
  return target.startsWith(`${prefix}/`) ? target.slice(prefix.length) : target
}
