import type { DkimStore } from '../../delivery/dkim/dkim-store.ts'
import type { ListsOnDay, OverviewParts } from '../../dialects/native/overview-parts.ts'
import { countFailedImports } from '../../imports/count-failed.ts'
import { countOpenMails } from '../../inbound/count-open.ts'
import { boundsOfDay } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import { daysOf } from '../../messages/read-counts.ts'
import type { Database } from '../../storage/database.ts'
import { countListed } from '../../suppression/count-by-day.ts'
import { findSenders } from '../../tenants/sender.ts'
import type { Service } from '../../tenants/service.ts'
import { countUnverified } from '../../unsubscribe/count-unverified.ts'

const RECENT_MS = 7 * 86_400_000
const MOST_SENDERS = 100

interface Capabilities {
  database: Database
  clock: Clock
  dkim: Pick<DkimStore, 'signingKeys'>
}

/** What the console shows first of a service. */
export function createOverviewParts({ database, clock, dkim }: Capabilities): OverviewParts {
  const isSigned = async (address: string, { id }: Service) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
    return (await dkim.signingKeys(domain, id, clock())).length > 0
  }
  return {
    lists: async (service) => {
      const found = await countListed(database, service.id, spans(service.timeZone, clock()))
      const days = new Map<string, ListsOnDay>()
      for (const { day, kind, count } of found) {
        const sums = days.get(day) ?? { day, unsubscribed: 0, hardBounces: 0, complaints: 0 }
        if (kind === 'hard-bounces') sums.hardBounces += count
        else if (kind === 'complaints') sums.complaints += count
        else if (kind !== 'blocklist') sums.unsubscribed += count
        days.set(day, sums)
      }
      return [...days.values()]
    },
    attention: async (service) => {
      const oneClick = (await findSenders(database, service.id)).filter((sender) => sender.oneClick)
      const unsigned: string[] = []
      for (const { address } of oneClick) {
        if (unsigned.length < MOST_SENDERS && !(await isSigned(address, service))) unsigned.push(address)
      }
      return {
        sendersWithoutKey: unsigned,
        failedImports: await countFailedImports(database, service.id, clock() - RECENT_MS),
        unverifiedRequests: await countUnverified(database, service.id),
        openMails: await countOpenMails(database, service.id),
      }
    },
  }
}

/** The last 31 days of a zone, today the last of them. */
function spans(timeZone: string, now: number) {
  const { from, to } = daysOf({}, timeZone, now)
  const first = Temporal.PlainDate.from(from)
  const count = first.until(Temporal.PlainDate.from(to)).days + 1
  return Array.from({ length: count }, (_, index) => {
    const day = first.add({ days: index }).toString()
    return { day, ...boundsOfDay(day, timeZone) }
  })
}
