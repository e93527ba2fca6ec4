import { csvHead, csvRecord } from './csv.ts'

export interface FileFormat {
  format: 'csv' | 'ndjson'
  /** Begins CSV with a byte order mark. */
  bom: boolean
}

export type FileRecord<C extends string> = Readonly<Record<C, string | number | null>>

/** Records as a file, page by page: nothing is held but the page at hand. Null is an empty cell in CSV. */
export async function* writeRecords<C extends string>(
  columns: readonly C[],
  pages: AsyncIterable<readonly FileRecord<C>[]>,
  { format, bom }: FileFormat,
): AsyncGenerator<string> {
  const asCsv = (record: FileRecord<C>) => csvRecord(columns.map((column) => String(record[column] ?? '')))
  const asJson = (record: FileRecord<C>) => `${JSON.stringify(record, [...columns])}\n`
  if (format === 'csv') yield csvHead(columns, { bom })
  for await (const page of pages) yield page.map(format === 'csv' ? asCsv : asJson).join('')
}
