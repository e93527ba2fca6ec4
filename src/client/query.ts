export type Query = Record<string, string | number | boolean | undefined>

/** The query string to append to a path; undefined values are left out. */
export function query(given: Query): string {
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`
}
