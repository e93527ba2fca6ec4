import { sql } from 'kysely'
import { type Clock, DAY_MS } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import type { Service } from '../../tenants/service.ts'

const HOUR_MS = DAY_MS / 24

/**
 * What the request ids of the mails that ask for a confirmation begin with, by the day (UTC) on which they were asked
 * for.
 */
export function confirmationsOf(day: number): string {
  return `confirm ${day} `
}

/**
 * Lets out no more mails that ask for a confirmation than the service's settings say: anybody can have them sent to any
 * address. Throws DomainError `unavailable` when there is no room; whoever asked is to try again later.
 */
export function createConfirmationRoom(
  database: Database,
  clock: Clock,
): <T>(service: Service, ask: () => Promise<T>) => Promise<T> {
  /** The latest of each service: they run one after another, so that each counts those before it. */
  const last = new Map<number, Promise<unknown>>()
  return (service, ask) => {
    const { id, settings } = service
    const { confirmationsPerHour: perHour, confirmationsPerDay: perDay } = settings
    if (perHour === null && perDay === null) return ask()
    const turn = (last.get(id) ?? Promise.resolve()).then(async () => {
      const sent = await countSent(database, id, clock())
      if (sent.hour >= (perHour ?? Infinity) || sent.day >= (perDay ?? Infinity)) {
        throw new DomainError('unavailable', 'too many people were asked to confirm lately: try again later')
      }
      return ask()
    })
    const done = turn.catch(() => {}).then(() => void (last.get(id) === done && last.delete(id)))
    last.set(id, done)
    return turn
  }
}

async function countSent(
  database: Database,
  serviceId: number,
  now: number,
): Promise<{ hour: number; day: number }> {
  const today = Math.floor(now / DAY_MS)
  const counts = await Promise.all(
    [today - 1, today].map(async (day) => {
      const prefix = confirmationsOf(day)
      const [row] = await database.read(
        database.query
          .selectFrom('delivery')
          .select([
            sql<number>`count(case when created_at > ${now - DAY_MS} then 1 end)`.as('day'),
            sql<number>`count(case when created_at > ${now - HOUR_MS} then 1 end)`.as('hour'),
          ])
          .where('service_id', '=', serviceId)
          .where('request_id', '>=', prefix)
          .where('request_id', '<', `${prefix}\x7f`),
      )
      return row ?? { day: 0, hour: 0 }
    }),
  )
  const sum = (key: 'hour' | 'day') => counts.reduce((total, count) => total + Number(count[key]), 0)
  return { hour: sum('hour'), day: sum('day') }
}
