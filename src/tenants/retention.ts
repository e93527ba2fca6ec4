import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { findServices } from './service.ts'
import type { ServiceSettings } from './service-settings.ts'

/** What a service keeps for a time alone, by the setting that says for how many days. */
type RetentionSetting = keyof ServiceSettings &
  ('mailDays' | 'messageDays' | 'evidenceDays' | 'inboundDays' | 'opaqueDays')

/** A service, and the moment (epoch milliseconds) up to which it no longer keeps things. */
export interface RetentionLimit {
  serviceId: number
  before: number
}

/** The limits of all services by one of their settings; those that keep such things for ever are left out. */
export async function retentionLimits(
  database: Database,
  now: number,
  setting: RetentionSetting,
): Promise<RetentionLimit[]> {
  const services = await findServices(database)
  return services.flatMap(({ id, settings }) => {
    const days = settings[setting]
    return days === null ? [] : [{ serviceId: id, before: now - days * DAY_MS }]
  })
}
