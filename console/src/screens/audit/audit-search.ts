/** What is looked for in the record, as it stands in the address. */
export interface AuditSearch {
  actor?: string
  action?: string
  subject?: string
  from?: string
  to?: string
  cursor?: string
}

const NAMES = ['actor', 'action', 'subject', 'from', 'to', 'cursor'] as const

export function readAuditSearch(given: Record<string, unknown>): AuditSearch {
  const search: AuditSearch = {}
  for (const name of NAMES) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') search[name] = value
  }
  return search
}
