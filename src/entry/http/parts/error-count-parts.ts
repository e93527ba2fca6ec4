import { readErrorCounts, setErrorCounts } from '../../../bounces/acting/error-count.ts'
import type { ErrorCountParts } from '../../../dialects/native/parts/error-count-parts.ts'
import { addressKey } from '../../../kernel/address.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import type { ErasedPeople } from '../../../suppression/erased/erased.ts'
import { resolveList } from '../../../tenants/list.ts'
import type { Service } from '../../../tenants/service.ts'
import { originOf } from './change-origin.ts'
import type { RecordChange } from './change-record.ts'

interface Capabilities {
  database: Database
  clock: Clock
  erased: Pick<ErasedPeople, 'replace'>
  record: RecordChange
}

/** What the interfaces do with error counts. */
export function createErrorCountParts({ database, clock, erased, record }: Capabilities): ErrorCountParts {
  const counting = async (service: Service) => ({
    service,
    hardBounces: await resolveList(database, service.id, 'hard-bounces'),
  })
  return {
    find: async (service, addresses) => {
      const keyed = addresses.map((address) => ({ address, key: addressKey(address) }))
      const keys = new Set(keyed.flatMap(({ key }) => key ?? []))
      const found = await readErrorCounts(database, await counting(service), [...keys], clock())
      return {
        items: [...keys].flatMap((key) => found.get(key) ?? []),
        malformed: keyed.filter(({ key }) => key === undefined).map(({ address }) => address),
      }
    },
    set: async (service, counts, actor) => {
      const target = await counting(service)
      await setErrorCounts({ database, erased }, target, counts, { at: clock(), ...originOf(actor) })
      await record(actor, service, 'error-count.set', 'hard-bounces', {
        addresses: counts.length,
        counts: [...new Set(counts.map(({ count }) => count))],
      })
    },
  }
}
