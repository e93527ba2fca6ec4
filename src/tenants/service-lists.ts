import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { type Filter, findFilters } from './filter.ts'
import { findLists, type List } from './list.ts'
import { findSenders, type Sender } from './sender.ts'

/** Everything of a service that a decision about a mail needs, read at one time. */
export interface ServiceLists {
  lists: Map<number, List>
  senders: Map<string, Sender>
  /** In the order in which they are tried. */
  filters: Filter[]
  /** The ids of hard-bounces, complaints and blocklist, which apply to every mail. */
  everyMail: number[]
}

export async function readServiceLists(database: Database, serviceId: number): Promise<ServiceLists> {
  const [lists, senders, filters] = await Promise.all([
    findLists(database, serviceId),
    findSenders(database, serviceId),
    findFilters(database, serviceId),
  ])
  const everyMail = lists.filter(({ kind }) => kind !== 'sender' && kind !== 'filter').map(({ id }) => id)
  if (everyMail.length === 0) throw new DomainError('unknown-service', `there is no service ${serviceId}`)
  return {
    lists: new Map(lists.map((list) => [list.id, list])),
    senders: new Map(senders.map((sender) => [sender.addressKey, sender])),
    filters,
    everyMail,
  }
}

export function ownList(service: ServiceLists, kind: 'hard-bounces' | 'complaints' | 'blocklist'): List {
  const list = [...service.lists.values()].find((candidate) => candidate.kind === kind)
  if (!list) throw new Error(`the service lacks its list ${kind}`)
  return list
}
