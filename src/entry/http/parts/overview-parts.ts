import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { ListsOnDay, OverviewParts } from '../../../dialects/native/parts/overview-parts.ts'
import { countFailedImports } from '../../../imports/count-failed.ts'
import { countOpenMails } from '../../../inbound/count-open.ts'
import { boundsOfDay } from '../../../kernel/calendar.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { findPeaks } from '../../../messages/reading/find-peaks.ts'
import { daysOf, readDayTotals } from '../../../messages/reading/read-counts.ts'
import type { Database } from '../../../storage/database.ts'
import { type ListedOnDay, MOST_COUNTED } from '../../../suppression/reading/count-listed.ts'
import { countExpiring } from '../../../suppression/reading/expiring.ts'
import { createCountListedDays } from '../../../suppression/reading/listed-days.ts'
import { findLists, type List, listRef } from '../../../tenants/list.ts'
import { findSenders } from '../../../tenants/sender.ts'
import type { Service } from '../../../tenants/service.ts'
import { countUnverified } from '../../../unsubscribe/count-unverified.ts'

const RECENT_MS = 7 * 86_400_000
const MOST_SENDERS = 100
const COMING_DAYS = 7

interface Capabilities {
  database: Database
  clock: Clock
  dkim: Pick<DkimStore, 'signingKeys'>
  publicParts: { journal: { readonly pending: boolean } }
}

/** What the console shows first of a service. */
export function createOverviewParts({ database, clock, dkim, publicParts }: Capabilities): OverviewParts {
  const countListed = createCountListedDays(database, clock)
  const isSigned = async (address: string, { id }: Service) => {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
    return (await dkim.signingKeys(domain, id, clock())).length > 0
  }
  const findUnsigned = async (service: Service) => {
    const oneClick = (await findSenders(database, service.id)).filter((sender) => sender.oneClick)
    const unsigned: string[] = []
    for (const { address } of oneClick) {
      if (unsigned.length < MOST_SENDERS && !(await isSigned(address, service))) unsigned.push(address)
    }
    return unsigned
  }
  const findExpiring = async (service: Service) => {
    const lists = (await findLists(database, service.id)).filter(({ archived }) => !archived)
    const days = comingDays(service.timeZone, clock())
    const counts = await countExpiring(database, lists, days, MOST_COUNTED)
    return {
      count: counts.reduce((sum, { count }) => sum + count, 0),
      isMore: counts.some(({ isMore }) => isMore),
    }
  }
  return {
    lists: async (service) => {
      const lists = await findLists(database, service.id)
      const found = await countListed(service.id, latestDays(service.timeZone, clock()))
      return { items: byDay(found, lists), lists: ontoLists(found, lists) }
    },
    attention: async (service) => {
      const days = latestDays(service.timeZone, clock()).map(({ day }) => day)
      const totals = await readDayTotals(database, service.id, daysOf({}, service.timeZone, clock()))
      return {
        sendersWithoutKey: await findUnsigned(service),
        failedImports: await countFailedImports(database, service.id, clock() - RECENT_MS),
        unverifiedRequests: await countUnverified(database, service.id),
        openMails: await countOpenMails(database, service.id),
        expiring: await findExpiring(service),
        peaks: findPeaks(totals, days),
      }
    },
    installation: async () => ({
      openMails: await countOpenMails(database, null),
      unverifiedRequests: await countUnverified(database),
      journalWaits: publicParts.journal.pending,
    }),
  }
}

function byDay(found: readonly ListedOnDay[], lists: readonly List[]): ListsOnDay[] {
  const kinds = new Map(lists.map(({ id, kind }) => [id, kind]))
  const days = new Map<string, ListsOnDay>()
  for (const { day, listId, count } of found) {
    const sums = days.get(day) ?? { day, unsubscribed: 0, hardBounces: 0, complaints: 0, isMore: false }
    const kind = kinds.get(listId)
    if (kind === 'blocklist') continue
    if (kind === 'hard-bounces') sums.hardBounces += count
    else if (kind === 'complaints') sums.complaints += count
    else sums.unsubscribed += count
    sums.isMore ||= count >= MOST_COUNTED
    days.set(day, sums)
  }
  return [...days.values()]
}

/** Lists of senders and filters: what stands there is a wish about mail of that kind. */
function ontoLists(found: readonly ListedOnDay[], lists: readonly List[]) {
  return lists
    .filter(({ kind }) => kind === 'sender' || kind === 'filter')
    .map((list) => {
      const days = found.filter(({ listId }) => listId === list.id)
      return {
        list: listRef(list),
        count: days.reduce((sum, { count }) => sum + count, 0),
        isMore: days.some(({ count }) => count >= MOST_COUNTED),
      }
    })
    .filter(({ count }) => count > 0)
}

/** The last 31 days of a zone, today the last of them. */
function latestDays(timeZone: string, now: number) {
  const { from, to } = daysOf({}, timeZone, now)
  const first = Temporal.PlainDate.from(from)
  return daysFrom(first, first.until(Temporal.PlainDate.from(to)).days + 1, timeZone)
}

/** Today, of which what is left counts, and the days after it. */
function comingDays(timeZone: string, now: number) {
  const { to } = daysOf({}, timeZone, now)
  const [today, ...others] = daysFrom(Temporal.PlainDate.from(to), COMING_DAYS + 1, timeZone)
  return today ? [{ ...today, from: now + 1 }, ...others] : []
}

function daysFrom(first: Temporal.PlainDate, count: number, timeZone: string) {
  return Array.from({ length: count }, (_, index) => {
    const day = first.add({ days: index }).toString()
    return { day, ...boundsOfDay(day, timeZone) }
  })
}
