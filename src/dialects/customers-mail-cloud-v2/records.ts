import { csvRecordInQuotes } from '../../exports/csv.ts'
import type { Service } from '../../tenants/service.ts'
import { decodePage } from './decode.ts'
import type { Answer, VendorRecord } from './encode.ts'
import type { Call } from './operation.ts'
import { pageOf } from './pages.ts'
import type { DownloadTitle, Rows } from './parts.ts'

/** The page of records that is asked for by `p` and `r`. */
export async function listed<T>(
  { params }: Pick<Call, 'params'>,
  names: { root: string; item: string },
  rows: Rows<T>,
  encode: (row: T) => VendorRecord,
): Promise<Answer> {
  const page = await pageOf(rows, decodePage(params))
  return { kind: 'records', ...names, records: page.map(encode) }
}

/** All records as a CSV in a ZIP: `unsubscribes-20261121_093000.zip`. */
export async function downloaded<T>(
  { parts, actor, service }: Pick<Call, 'parts' | 'actor'> & { service: Service },
  { title, columns, filter }: { title: DownloadTitle; columns: readonly string[]; filter: object },
  rows: Rows<T>,
  encode: (row: T) => VendorRecord,
): Promise<Answer> {
  const lines = toLines(columns, rows, encode)
  return { kind: 'file', file: await parts.makeFile(service, { title, filter, actor }, lines) }
}

async function* toLines<T>(
  columns: readonly string[],
  rows: Rows<T>,
  encode: (row: T) => VendorRecord,
): AsyncGenerator<string> {
  yield csvRecordInQuotes(columns)
  for await (const page of rows) {
    const records = page.map(encode)
    yield records.map((record) => csvRecordInQuotes(columns.map((name) => record[name] ?? ''))).join('')
  }
}
