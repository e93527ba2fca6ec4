/**
 * Reads a record of `tag=value` pairs between semicolons, as DKIM and DMARC have them (RFC 6376 §3.2), by tag in lower
 * case. Blanks inside values, as long keys are often published with, are dropped.
 */
export function readTags(record: string): Map<string, string> {
  return new Map(
    record.split(';').flatMap((item): [string, string][] => {
      const at = item.indexOf('=')
      return at === -1
        ? []
        : [[item.slice(0, at).trim().toLowerCase(), item.slice(at + 1).replace(/\s/g, '')]]
    }),
  )
}
