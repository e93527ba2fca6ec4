import type { MessageFilter, ReportParts } from '../../../dialects/native/parts/report-parts.ts'
import { writeCounts } from '../../../exports/counts.ts'
import { writeMessages } from '../../../exports/messages.ts'
import type { Clock } from '../../../kernel/clock.ts'
import {
  type CountKey,
  countKey,
  daysOf,
  readCounts,
  readDayTotals,
} from '../../../messages/reading/read-counts.ts'
import { searchDeliveries } from '../../../messages/reading/search-deliveries.ts'
import { type MessageSearch, searchMessages } from '../../../messages/reading/search-messages.ts'
import { decodeCursor } from '../../../storage/cursor.ts'
import type { Database } from '../../../storage/database.ts'
import { resolveLists } from '../../../tenants/list.ts'
import type { Service } from '../../../tenants/service.ts'
import type { MakeFile } from './make-file.ts'
import { keyOf, listNames, withList } from './native-names.ts'
import { cut } from './native-pages.ts'

const ROWS_PER_PAGE_OF_FILE = 2_000

interface ReportPartsParts {
  database: Database
  clock: Clock
  makeFile: MakeFile
}

/** What the native interface tells of mail. */
export function createReportParts({ database, clock, makeFile }: ReportPartsParts): ReportParts {
  const searchOf = async (service: Service, { sender, recipient, list, ...filter }: MessageFilter) => ({
    ...filter,
    serviceId: service.id,
    senderKey: sender === undefined ? undefined : keyOf(sender, 'sender'),
    addressKey: recipient === undefined ? undefined : keyOf(recipient, 'recipient'),
    listIds: list === undefined ? undefined : await listIdsOf(database, service, list),
  })
  return {
    messages: async (service, filter, page) => {
      const { items, next } = await searchMessages(database, {
        ...(await searchOf(service, filter)),
        ...page,
      })
      const nameOf = await listNames(database, service)
      return { items: items.map((item) => withList(item, nameOf)), next }
    },
    deliveries: (service, { sender, ...filter }, page) =>
      searchDeliveries(database, {
        ...filter,
        ...page,
        serviceId: service.id,
        senderKey: sender === undefined ? undefined : keyOf(sender, 'sender'),
      }),
    counts: async (service, days, { cursor, limit }) => {
      const after =
        cursor === undefined ? undefined : decodeCursor(cursor, ['text', 'text', 'text', 'integer'])
      const period = daysOf(days, service.timeZone, clock())
      const found = await readCounts(database, service.id, period, { after, limit: limit + 1 })
      const nameOf = await listNames(database, service)
      const { items, next } = cut(found, limit, countKey)
      return { items: items.map((item) => withList(item, nameOf)), next }
    },
    dayTotals: (service, days) =>
      readDayTotals(database, service.id, daysOf(days, service.timeZone, clock())),
    messageFile: async (service, filter, file) => {
      const search = await searchOf(service, filter)
      const pages = messagePages(database, search, await listNames(database, service))
      const lines = writeMessages(pages, { ...file, timeZone: service.timeZone })
      return makeFile(service, { ...file, title: 'messages', filter }, lines)
    },
    countFile: async (service, days, file) => {
      const period = daysOf(days, service.timeZone, clock())
      const nameOf = await listNames(database, service)
      const filter = { ...period }
      return makeFile(service, { ...file, title: 'counts', filter }, writeCounts(countPages(), file))

      async function* countPages() {
        for (let after: CountKey | undefined; ; ) {
          const page = { after, limit: ROWS_PER_PAGE_OF_FILE }
          const found = await readCounts(database, service.id, period, page)
          const last = found.at(-1)
          if (!last) return
          yield found.map((row) => withList(row, nameOf))
          after = countKey(last)
        }
      }
    },
  }
}

async function listIdsOf(database: Database, service: Service, list: string): Promise<number[]> {
  return (await resolveLists(database, service.id, list)).map(({ id }) => id)
}

async function* messagePages(
  database: Database,
  search: Omit<MessageSearch, 'limit'>,
  nameOf: (listId: number) => string,
) {
  for (let cursor: string | undefined; ; ) {
    const page = await searchMessages(database, { ...search, cursor, limit: ROWS_PER_PAGE_OF_FILE })
    yield page.items.map((item) => withList(item, nameOf))
    if (page.next === null) return
    cursor = page.next
  }
}
