import type { ExportParts, SomeLists } from '../../../dialects/native/parts/export-parts.ts'
import { writeAgreements } from '../../../exports/agreements.ts'
import { writeEvents } from '../../../exports/events.ts'
import { writeExpiring } from '../../../exports/expiring.ts'
import { writeListed } from '../../../exports/listed.ts'
import { writeOneClick } from '../../../exports/one-click.ts'
import { writeUnsubscribes } from '../../../exports/unsubscribes.ts'
import { boundsOfDay, type Day, dayOf } from '../../../kernel/calendar.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import type { Database } from '../../../storage/database.ts'
import { readAgreements } from '../../../subscribers/agreements/read-agreements.ts'
import { readUserIds } from '../../../subscribers/user-ids.ts'
import { countExpiring, readExpiring } from '../../../suppression/reading/expiring.ts'
import { readEvents } from '../../../suppression/reading/read-events.ts'
import { readLists } from '../../../suppression/reading/read-list.ts'
import { readStopRequests } from '../../../suppression/reading/requests.ts'
import { findLists, type List, resolveLists } from '../../../tenants/list.ts'
import { findSender } from '../../../tenants/sender.ts'
import type { Service } from '../../../tenants/service.ts'
import type { MakeFile } from './make-file.ts'
import { keyOf, listNames, named } from './native-names.ts'

interface ExportPartsParts {
  database: Database
  clock: Clock
  makeFile: MakeFile
}

/** What the native interface writes as files of lists. */
export function createExportParts({ database, clock, makeFile }: ExportPartsParts): ExportParts {
  const listOfSender = async (service: Service, address: string) => {
    const sender = await findSender(database, service.id, keyOf(address, 'sender'))
    if (sender) return sender.listId
    throw new DomainError('unknown-sender', `${address} is not a sender of the service`, { field: 'sender' })
  }

  const listsOf = async (service: Service, { sender, filter, list }: SomeLists): Promise<List[]> => {
    if (list !== undefined) return resolveLists(database, service.id, list)
    const lists = await findLists(database, service.id)
    if (sender !== undefined) {
      const id = await listOfSender(service, sender)
      return lists.filter((found) => found.id === id)
    }
    if (filter === undefined) return lists
    return resolveLists(database, service.id, `filter:${filter}`).catch((cause) => {
      throw new DomainError('unknown-filter', `the service has no filter ${filter}`, {
        field: 'filter',
        cause,
      })
    })
  }

  /** Only lists that still apply to mail: others hold nobody back. */
  const applying = async (service: Service, some: SomeLists) =>
    (await listsOf(service, some)).filter(({ archived }) => !archived)

  return {
    oneClick: async (service, filter, file) => {
      const { timeZone, settings } = service
      const { automaticExclusion } = settings
      const { sender, from = 0, to = Number.MAX_SAFE_INTEGER } = filter
      const listIds = [await listOfSender(service, sender)]
      const pages = readStopRequests(database, { listIds, from, to, timeZone, automaticExclusion }, clock)
      const lines = writeOneClick(pages, { ...file, timeZone })
      return makeFile(service, { ...file, title: 'one-click', filter }, lines)
    },
    unsubscribes: async (service, filter, file) => {
      const { sender, ...wanted } = filter
      const lists = (await listsOf(service, { sender })).filter(({ kind }) => kind === 'sender')
      const labels = new Map(lists.map(({ id, label }) => [id, label]))
      const lines = writeUnsubscribes(pages(), { ...file, timeZone: service.timeZone })
      return makeFile(service, { ...file, title: 'unsubscribes', filter }, lines)

      async function* pages() {
        for await (const page of readLists(database, lists, wanted, clock)) {
          const keys = page.map(({ addressKey }) => addressKey)
          const userIds = await readUserIds(database, service.siteId, keys)
          yield page.map(({ listId, addressKey, address, requestedAt }) => {
            const sender = labels.get(listId) ?? ''
            return { sender, address, requestedAt, userIds: userIds.get(addressKey) ?? [] }
          })
        }
      }
    },
    list: async (service, title, filter, file) => {
      const { filter: name, ...wanted } = filter
      const some = title === 'filter' ? { filter: name } : { list: title }
      const nameOf = await listNames(database, service)
      const pages = readLists(database, await listsOf(service, some), wanted, clock)
      const lines = writeListed(pages, { ...file, timeZone: service.timeZone, nameOf })
      return makeFile(service, { ...file, title, filter }, lines)
    },
    events: async (service, filter, file) => {
      const nameOf = await listNames(database, service)
      const pages = readEvents(database, await listsOf(service, filter), filter)
      const lines = writeEvents(pages, { ...file, timeZone: service.timeZone, nameOf })
      return makeFile(service, { ...file, title: 'events', filter }, lines)
    },
    expiring: async (service, filter, file) => {
      const nameOf = await listNames(database, service)
      const until = daysAhead(clock(), filter.days, service).at(-1)?.to ?? 0
      const wanted = { reason: filter.reason, contains: filter.contains, until }
      const pages = readExpiring(database, await applying(service, filter), wanted, clock)
      const lines = writeExpiring(pages, { ...file, timeZone: service.timeZone, nameOf })
      return makeFile(service, { ...file, title: 'expiring', filter }, lines)
    },
    agreements: async (service, period, file) => {
      const pages = readAgreements(database, service, period)
      const lines = writeAgreements(pages, { ...file, timeZone: service.timeZone })
      return makeFile(service, { ...file, title: 'agreements', filter: period }, lines)
    },
    expiringDays: async (service, { days, ...some }) => {
      const nameOf = await listNames(database, service)
      const lists = await applying(service, some)
      const counts = await countExpiring(database, lists, daysAhead(clock(), days, service))
      return counts.map(({ isMore: _, ...count }) => named(count, nameOf))
    },
  }
}

/** The rest of today, and this many whole days after it. */
function daysAhead(now: number, days: number, { timeZone }: Service): Day[] {
  const today = Temporal.PlainDate.from(dayOf(now, timeZone))
  return Array.from({ length: days + 1 }, (_, ahead) => {
    const day = today.add({ days: ahead }).toString()
    const { from, to } = boundsOfDay(day, timeZone)
    return { day, from: Math.max(from, now + 1), to }
  })
}
