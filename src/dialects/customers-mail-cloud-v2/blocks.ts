import { createHash } from 'node:crypto'
import type { Service } from '../../tenants/service.ts'
import { cancelled } from './cancel.ts'
import { decodeFlag, decodePeriod, decodeText, type Params } from './decode.ts'
import { type VendorRecord, vendorTimes } from './encode.ts'
import type { Operations } from './operation.ts'
import type { Block, BlockFilter } from './parts.ts'
import { downloaded, listed } from './records.ts'
import { statusOfBlock } from './statuses.ts'

const COLUMNS = ['created', 'email', 'id', 'occurred', 'status'] as const
const NAMES = { root: 'blocks', item: 'block' }

/** Who gets no mail of the composition at all: its lists `hard-bounces` and `blocklist`. */
export const BLOCKS: Operations = {
  'blocks/list': {
    scope: 'composition',
    access: 'view',
    run: async (call) => {
      const rows = await call.parts.blocks.read(call.service, decodeFilter(call.params, call.service))
      return listed(call, NAMES, rows, encoder(call.service))
    },
  },
  'blocks/download': {
    scope: 'composition',
    access: 'download',
    run: async (call) => {
      const filter = decodeFilter(call.params, call.service)
      const rows = await call.parts.blocks.read(call.service, filter)
      return downloaded(call, { title: 'blocks', columns: COLUMNS, filter }, rows, encoder(call.service))
    },
  },
  'blocks/cancel': {
    scope: 'composition',
    access: 'admin',
    run: (call) => cancelled(call, call.parts.blocks),
  },
}

function decodeFilter(params: Params, { timeZone }: Service): BlockFilter {
  const contains = decodeText(params, 'email')
  return {
    ...decodePeriod(params, timeZone),
    ...(contains !== undefined && { contains }),
    removed: decodeFlag(params, 'removed'),
  }
}

function encoder({ timeZone }: Service): (row: Block) => VendorRecord {
  const time = vendorTimes(timeZone)
  return (row) => ({
    created: time(row.since),
    email: row.address,
    id: idOf(row),
    occurred: String(row.occurred),
    status: statusOfBlock(row.reason),
  })
}

/** The same for a recipient on a list at all times; it leads nowhere. */
function idOf({ listId, addressKey }: Block): string {
  return createHash('sha256').update(`${listId} ${addressKey}`).digest('hex').slice(0, 13)
}
