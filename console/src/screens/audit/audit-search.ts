import { isDay } from '../../parts/day.ts'

/** The search of the record, as kept in the address. */
export interface AuditSearch {
  actor?: string
  action?: string
  subject?: string
  from?: string
  to?: string
  cursor?: string
}

const TEXTS = ['actor', 'action', 'subject', 'cursor'] as const

export function readAuditSearch(given: Record<string, unknown>): AuditSearch {
  const { from, to } = given
  const search: AuditSearch = { ...(isDay(from) && { from }), ...(isDay(to) && { to }) }
  for (const name of TEXTS) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') search[name] = value
  }
  return search
}
