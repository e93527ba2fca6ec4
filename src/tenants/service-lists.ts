import { createBatcher } from '../kernel/batcher.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import { type Filter, findFilters } from './filter.ts'
import { findLists, type List } from './list.ts'
import { findSenders, type Sender } from './sender.ts'
import { findService, type Service } from './service.ts'

/** Everything about a service that a decision on a mail needs, read at one time. */
export interface ServiceLists {
  service: Service
  lists: Map<number, List>
  senders: Map<string, Sender>
  /** In the order in which they are tried. */
  filters: Filter[]
  /** The ids of hard-bounces, complaints and blocklist, which apply to every mail. */
  everyMail: number[]
}

/** Throws DomainError `unknown-service`. */
export async function readServiceLists(database: Database, serviceId: number): Promise<ServiceLists> {
  const [service, lists, senders, filters] = await Promise.all([
    findService(database, serviceId),
    findLists(database, serviceId),
    findSenders(database, serviceId),
    findFilters(database, serviceId),
  ])
  const everyMail = lists.filter(({ kind }) => kind !== 'sender' && kind !== 'filter').map(({ id }) => id)
  return {
    service,
    lists: new Map(lists.map((list) => [list.id, list])),
    senders: new Map(senders.map((sender) => [sender.addressKey, sender])),
    filters,
    everyMail,
  }
}

const MOST_READERS = 256

/**
 * Reads like `readServiceLists`; calls made while a read is under way share the next one. No call is answered from a
 * read that began before it, since a sender may just have been registered.
 */
export function serviceListsReader(database: Database): (serviceId: number) => Promise<ServiceLists> {
  const batcher = createBatcher<number, ServiceLists>({
    mostItems: MOST_READERS,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: async (ids) => {
      const distinct = [...new Set(ids)]
      const read = await Promise.all(distinct.map((id) => readServiceLists(database, id)))
      return ids.map((id) => read[distinct.indexOf(id)] as ServiceLists)
    },
  })
  return (serviceId) => batcher.add(serviceId)
}

/** One of the lists that a service has from its creation; throws when it is missing, which would be a bug. */
export function ownList(service: ServiceLists, kind: 'hard-bounces' | 'complaints' | 'blocklist'): List {
  const list = [...service.lists.values()].find((candidate) => candidate.kind === kind)
  if (!list) throw new Error(`the service lacks its list ${kind}`)
  return list
}
