import type { NewImport } from '../../../dialects/native/parts/import-parts.ts'
import type { Routing } from '../../../imports/reading/routing.ts'
import { addressKey } from '../../../kernel/address.ts'
import { DomainError, invalid } from '../../../kernel/domain-error.ts'
import type { Database } from '../../../storage/database.ts'
import { findLists, type List, listRef, resolveList } from '../../../tenants/list.ts'
import { lifetimeMs, type Service } from '../../../tenants/service.ts'

/** A list that is there, or the address whose stop list an import begins: it need not be a sender of one-click mail. */
type Found = { found: List; address?: undefined } | { found?: undefined; address: string | undefined }

/** Where a file goes. */
type Target = Found & { routing: Omit<Routing, 'now' | 'fileName'> }

export function importTargets(database: Database) {
  /** Throws DomainError `invalid-value` or `unknown-list`. */
  const findList = async (service: Service, ref: string, action: 'add' | 'remove'): Promise<Found> => {
    try {
      return { found: await resolveList(database, service.id, ref, action === 'add' ? ['auto'] : []) }
    } catch (error) {
      const address = /^sender:(.+)$/s.exec(ref)?.[1]
      const isNew = error instanceof DomainError && error.code === 'unknown-list'
      if (!isNew || action !== 'add' || address === undefined || addressKey(address) === undefined)
        throw error
      return { address }
    }
  }

  const byReason = async (service: Service, request: NewImport): Promise<Target> => {
    refuseForAuto(request)
    const { sender, filter } = request
    const lists = await findLists(database, service.id)
    const filters = lists
      .filter(({ kind, archived }) => kind === 'filter' && !archived)
      .map(({ label }) => label)
    if (filter !== undefined && !filters.includes(filter)) {
      throw new DomainError('unknown-filter', `the service has no filter ${filter}`, { field: 'filter' })
    }
    const unsubscribes = sender === undefined ? filter && `filter:${filter}` : `sender:${keyOfSender(sender)}`
    const lifetimes = Object.fromEntries(lists.map((list) => [nameOf(list), list.lifetimeMs]))
    const routing = { list: undefined, unsubscribes, filters, lifetimes, ...ofService(service) }
    return { address: undefined, routing }
  }

  return {
    findList,
    findTarget: async (service: Service, request: NewImport): Promise<Target> => {
      const { list, action, sender, filter } = request
      if (list === 'auto') return byReason(service, request)
      if (sender !== undefined) throw invalid('sender', 'is only for list=auto')
      if (filter !== undefined) throw invalid('filter', 'is only for list=auto')
      const target = await findList(service, list, action)
      const lifetimes = target.found ? { [list]: target.found.lifetimeMs } : {}
      const routing = { list, unsubscribes: undefined, filters: [], lifetimes, ...ofService(service) }
      return { ...target, routing }
    },
  }
}

/** As rows name it. */
function nameOf(list: List): string {
  return list.kind === 'sender' ? `sender:${addressKey(list.label)}` : listRef(list)
}

function ofService(service: Service): Pick<Routing, 'timeZone' | 'newLifetime'> {
  return { timeZone: service.timeZone, newLifetime: lifetimeMs(service, 'sender') }
}

function refuseForAuto({ action, format, sender, filter }: NewImport): void {
  if (action !== 'add') throw invalid('action', 'must be add with list=auto')
  if (format !== 'csv') throw invalid('format', 'must be csv with list=auto')
  if (sender !== undefined && filter !== undefined) throw invalid('filter', 'cannot stand beside sender')
}

function keyOfSender(sender: string): string {
  const key = addressKey(sender)
  if (key === undefined) throw invalid('sender', 'is not a mail address')
  return key
}
