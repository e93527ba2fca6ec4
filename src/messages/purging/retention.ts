import { DAY_MS } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { findServices, type Service } from '../../tenants/service.ts'

/** A service, and the moment up to which its old rows go. */
export interface Limit {
  serviceId: number
  before: number
}

/** By `mailDays`: every service has one. */
export function mailLimits(database: Database, now: number): Promise<Limit[]> {
  return limits(database, now, ({ mailDays }) => mailDays)
}

/** By `messageDays`: services that keep messages for ever are left out. */
export function messageLimits(database: Database, now: number): Promise<Limit[]> {
  return limits(database, now, ({ messageDays }) => messageDays)
}

async function limits(
  database: Database,
  now: number,
  daysOf: (settings: Service['settings']) => number | null,
): Promise<Limit[]> {
  const services = await findServices(database)
  return services.flatMap(({ id, settings }) => {
    const days = daysOf(settings)
    return days === null ? [] : [{ serviceId: id, before: now - days * DAY_MS }]
  })
}
