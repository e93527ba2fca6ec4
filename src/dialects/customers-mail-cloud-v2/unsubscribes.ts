import type { Service } from '../../tenants/service.ts'
import { cancellableRecords } from './cancellable-records.ts'
import { decodePeriod, decodeText, type Params } from './decode.ts'
import { type VendorRecord, vendorTimes } from './encode.ts'
import type { Unsubscribed, UnsubscribedFilter } from './parts.ts'

/** Who has stopped mail (seed 004); the list as its siblings have one. */
export const UNSUBSCRIBES = cancellableRecords<Unsubscribed, UnsubscribedFilter>({
  names: { root: 'unsubscribes', item: 'unsubscribe' },
  columns: ['created', 'email', 'filtername'],
  of: ({ unsubscribes }) => unsubscribes,
  decodeFilter,
  encoder,
})

function decodeFilter(params: Params, { timeZone }: Service): UnsubscribedFilter {
  const [contains, filterName] = [decodeText(params, 'email'), decodeText(params, 'filter_name')]
  return {
    ...decodePeriod(params, timeZone),
    ...(contains !== undefined && { contains }),
    ...(filterName !== undefined && { filterName }),
  }
}

function encoder({ timeZone }: Service): (row: Unsubscribed) => VendorRecord {
  const time = vendorTimes(timeZone)
  return ({ since, address, filterName }) => ({
    created: time(since),
    email: address,
    filtername: filterName,
  })
}
