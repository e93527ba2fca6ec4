import { boundsOfDay, dayOf } from '../../kernel/calendar.ts'
import type { Database } from '../../storage/database.ts'
import type { Service } from '../../tenants/service.ts'

/** Keeps services to their `mailsPerDay`, counted by days of their own calendar. */
export interface DailyCaps {
  /**
   * Takes one of the day's mails for an attempt and answers `now`; when none is left, answers the moment at which to
   * ask again: within an hour, since the cap may be raised, or when the next day begins. Rejects when the counters
   * cannot be read.
   */
  take(service: Service, messageId: number, now: number): Promise<number>
  /** To be called once the result of an attempt is on disk, also for one that took nothing. */
  settled(message: { id: number; service_id: number }, sent: boolean): void
}

interface Day {
  name: string
  readAt: number
  reading: Promise<void> | undefined
  sent: number
  /** Ids of messages. */
  underWay: Set<number>
}

const FRESH_MS = 1_000

/**
 * How much was sent is read from the day's counters, which every process writes. `share` is this process's part of the
 * work, 0 to 1; several processes together may exceed a cap by what they have under way.
 */
export function createDailyCaps(database: Database, share: () => number): DailyCaps {
  const days = new Map<number, Day>()

  const refresh = async (service: Service, day: Day, now: number) => {
    const before = day.sent
    const [row] = await database.read(
      database.query
        .selectFrom('day_count')
        .select(({ fn }) => fn.sum<number>('count').as('sent'))
        .where('service_id', '=', service.id)
        .where('day', '=', day.name)
        .where('outcome', '=', 'sent'),
    )
    // What was sent while the counters were being read may be in them already; counting it twice errs on the safe side
    // of the cap.
    day.sent = Number(row?.sent ?? 0) + (day.sent - before)
    day.readAt = now
  }

  return {
    take: async (service, messageId, now) => {
      const { mailsPerDay } = service.settings
      if (mailsPerDay === null) return now
      const name = dayOf(now, service.timeZone)
      let day = days.get(service.id)
      if (day?.name !== name) {
        day = {
          name,
          readAt: Number.NEGATIVE_INFINITY,
          reading: undefined,
          sent: 0,
          underWay: day?.underWay ?? new Set(),
        }
        days.set(service.id, day)
      }
      const own = day
      if (Math.abs(now - own.readAt) >= FRESH_MS) {
        own.reading ??= refresh(service, own, now).finally(() => {
          own.reading = undefined
        })
        await own.reading
      }
      const left = Math.ceil((mailsPerDay - own.sent) * share()) - own.underWay.size
      if (left <= 0) return Math.min(boundsOfDay(name, service.timeZone).to, now + someTime())
      own.underWay.add(messageId)
      return now
    },
    settled: ({ id, service_id }, sent) => {
      const day = days.get(service_id)
      if (day?.underWay.delete(id) && sent) day.sent++
    },
  }
}

/** Half an hour to an hour, by chance: what was turned away together does not come back together. */
function someTime(): number {
  return 1_800_000 * (1 + Math.random())
}
