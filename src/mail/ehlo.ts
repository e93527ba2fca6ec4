/** What a mail server offers: keywords in upper case with their parameters, as written. */
export type Extensions = ReadonlyMap<string, string>

/** Reads the reply to EHLO (RFC 5321 §4.1.1.1): its first line greets, each further one names an extension. */
export function readEhlo(reply: string): Extensions {
  const lines = reply.split(/\r?\n/).slice(1)
  return new Map(
    lines.flatMap((line) => {
      const [, keyword, parameters = ''] = /^250[ -]([A-Za-z\d][A-Za-z\d-]*)(?:[ =](.*))?$/.exec(line) ?? []
      return keyword === undefined ? [] : [[keyword.toUpperCase(), parameters.trim()] as const]
    }),
  )
}

/** How many octets a message may have (RFC 1870 §4): Infinity where no number is given, or 0. */
export function mostOctets(extensions: Extensions): number {
  const named = extensions.get('SIZE')
  return (named && /^\d+$/.test(named) && Number(named)) || Number.POSITIVE_INFINITY
}
