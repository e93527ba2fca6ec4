import { createHash } from 'node:crypto'
import type { Service } from '../../tenants/service.ts'
import { cancellableRecords } from './cancellable-records.ts'
import { decodeFlag, decodePeriod, decodeText, type Params } from './decode.ts'
import { type VendorRecord, vendorTimes } from './encode.ts'
import type { Block, BlockFilter } from './parts.ts'
import { statusOfBlock } from './statuses.ts'

/** Who gets no mail of the composition at all: its lists `hard-bounces` and `blocklist`. */
export const BLOCKS = cancellableRecords<Block, BlockFilter>({
  names: { root: 'blocks', item: 'block' },
  columns: ['created', 'email', 'id', 'occurred', 'status'],
  of: ({ blocks }) => blocks,
  decodeFilter,
  encoder,
})

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

/** Always the same for a recipient on a list; no operation takes it. */
function idOf({ listId, addressKey }: Block): string {
  return createHash('sha256').update(`${listId} ${addressKey}`).digest('hex').slice(0, 13)
}
