import { tryFilters } from '../../../delivery/decide/try-filters.ts'
import type { NativeParts } from '../../../dialects/native/parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { createFilter, deleteFilter, findFilter, findFilters, updateFilter } from '../../../tenants/filter.ts'
import { revisionOfOrder } from '../../../tenants/filter-order.ts'
import type { RecordChange } from './change-record.ts'
import { pageOf, sortable } from './native-pages.ts'

interface Capabilities {
  database: Database
  clock: Clock
  ids: Record<'list', IdSource>
  record: RecordChange
}

/** What the native interface does with filters. */
export function createFilterParts({ database, clock, ids, record }: Capabilities): NativeParts['filters'] {
  return {
    find: async (service, page) => {
      const filters = await findFilters(database, service.id)
      const found = pageOf(filters, page, ({ position, listId }) => sortable(position, listId))
      return { ...found, order: revisionOfOrder(filters) }
    },
    create: async (service, request, actor) => {
      const filter = await createFilter(database, ids.list, service, { ...request, now: clock() })
      await record(actor, service, 'filter.create', filter.name, { ...request })
      return filter
    },
    update: async (service, classId, { revision, order, ...change }, actor) => {
      const { name } = await findFilter(database, service.id, classId)
      const filter = await updateFilter(database, service.id, classId, change, { revision, order })
      await record(actor, service, 'filter.update', name, { ...change })
      return filter
    },
    remove: async (service, classId, seen, actor) => {
      const { name } = await deleteFilter(database, service.id, classId, clock(), seen)
      await record(actor, service, 'filter.delete', name, {})
    },
    try: (service, mail) => tryFilters(database, service, mail),
  }
}
