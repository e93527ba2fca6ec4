import type { Client } from './connection.ts'
import { query } from './query.ts'

export type ExportName =
  | 'one-click'
  | 'unsubscribes'
  | 'hard-bounces'
  | 'complaints'
  | 'blocklist'
  | 'filter'
  | 'events'
  | 'expiring'
  | 'agreements'
  | 'messages'
  | 'counts'

/** Of which export `…/exports/…` has which. */
export type ExportFilter = Record<string, string | number | undefined>

export interface FileForm {
  format?: 'csv' | 'ndjson'
  /** Begins CSV with a byte order mark. */
  bom?: boolean
  /** `neutral`: a tab stands before what a spreadsheet would calculate. Of CSV that is not in a zip. */
  formulas?: 'kept' | 'neutral'
  compress?: 'none' | 'gzip' | 'zip'
  encryption?: 'zipcrypto' | 'aes-256'
}

const FILTERED_BY_QUERY: readonly ExportName[] = ['one-click', 'agreements', 'counts']

/** A list or a report as a stream of bytes, whatever its size. */
export async function exportFile(
  client: Client,
  name: ExportName,
  filter: ExportFilter = {},
  form: FileForm = {},
): Promise<ReadableStream<Uint8Array>> {
  const { body } = FILTERED_BY_QUERY.includes(name)
    ? await client.transfer(`/exports/${name}${query({ ...filter, ...form })}`, {})
    : await client.transfer(`/exports/${name}${query({ ...form })}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(filter),
      })
  return body as NonNullable<typeof body>
}
