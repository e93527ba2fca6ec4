import type { Service } from '../../tenants/service.ts'
import { cancelled } from './cancel.ts'
import type { Params } from './decode.ts'
import type { VendorRecord } from './encode.ts'
import type { Operations } from './operation.ts'
import type { Cancellable, CustomersMailCloudParts, Rows } from './parts.ts'
import { downloaded, listed } from './records.ts'

interface Kind<Row, Filter> {
  /** `root` names the operations too. */
  names: { root: 'unsubscribes' | 'blocks'; item: string }
  /** Of the download. */
  columns: readonly string[]
  of(
    parts: CustomersMailCloudParts,
  ): Cancellable & { read(service: Service, filter: Filter): Promise<Rows<Row>> }
  decodeFilter(params: Params, service: Service): Filter
  encoder(service: Service): (row: Row) => VendorRecord
}

/** How records of a kind are listed, downloaded and cancelled in a composition. */
export function cancellableRecords<Row, Filter extends object>({
  names,
  columns,
  of,
  decodeFilter,
  encoder,
}: Kind<Row, Filter>): Operations {
  return {
    [`${names.root}/list`]: {
      scope: 'composition',
      access: 'view',
      run: async (call) => {
        const rows = await of(call.parts).read(call.service, decodeFilter(call.params, call.service))
        return listed(call, names, rows, encoder(call.service))
      },
    },
    [`${names.root}/download`]: {
      scope: 'composition',
      access: 'download',
      run: async (call) => {
        const filter = decodeFilter(call.params, call.service)
        const rows = await of(call.parts).read(call.service, filter)
        return downloaded(call, { title: names.root, columns, filter }, rows, encoder(call.service))
      },
    },
    [`${names.root}/cancel`]: {
      scope: 'composition',
      access: 'admin',
      run: (call) => cancelled(call, of(call.parts)),
    },
  }
}
