import type { Service } from '../../tenants/service.ts'
import { cancelled } from './cancel.ts'
import { decodePeriod, decodeText, type Params } from './decode.ts'
import { type VendorRecord, vendorTimes } from './encode.ts'
import type { Operations } from './operation.ts'
import type { Unsubscribed, UnsubscribedFilter } from './parts.ts'
import { downloaded, listed } from './records.ts'

const COLUMNS = ['created', 'email', 'filtername'] as const
const NAMES = { root: 'unsubscribes', item: 'unsubscribe' }

/** Who has stopped mail (seed 004); the list as its siblings have one. */
export const UNSUBSCRIBES: Operations = {
  'unsubscribes/list': {
    scope: 'composition',
    access: 'view',
    run: async (call) => {
      const rows = await call.parts.unsubscribes.read(call.service, decodeFilter(call.params, call.service))
      return listed(call, NAMES, rows, encoder(call.service))
    },
  },
  'unsubscribes/download': {
    scope: 'composition',
    access: 'download',
    run: async (call) => {
      const filter = decodeFilter(call.params, call.service)
      const rows = await call.parts.unsubscribes.read(call.service, filter)
      return downloaded(
        call,
        { title: 'unsubscribes', columns: COLUMNS, filter },
        rows,
        encoder(call.service),
      )
    },
  },
  'unsubscribes/cancel': {
    scope: 'composition',
    access: 'admin',
    run: (call) => cancelled(call, call.parts.unsubscribes),
  },
}

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
