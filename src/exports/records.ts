import { csvHead, csvRecord, neutralised } from './csv.ts'
import { isoTimes } from './iso-times.ts'

export interface FileFormat {
  format: 'csv' | 'ndjson'
  /** Begins CSV with a byte order mark. */
  bom: boolean
  /** Whether CSV has cells that a spreadsheet would calculate as they are, unless given, or as text. */
  formulas?: 'kept' | 'neutral'
}

/** A record of CSV, as the format wants its cells. */
export function csvLine(fields: readonly string[], { formulas }: Pick<FileFormat, 'formulas'>): string {
  return csvRecord(formulas === 'neutral' ? fields.map(neutralised) : fields)
}

export type FileRecord<C extends string> = Readonly<Record<C, string | number | null>>

/** Records as a file, page by page: nothing is held but the page at hand. Null is an empty cell in CSV. */
export async function* writeRecords<C extends string>(
  columns: readonly C[],
  pages: AsyncIterable<readonly FileRecord<C>[]>,
  format: FileFormat,
): AsyncGenerator<string> {
  const asCsv = (record: FileRecord<C>) =>
    csvLine(
      columns.map((column) => String(record[column] ?? '')),
      format,
    )
  const asJson = (record: FileRecord<C>) => `${JSON.stringify(record, [...columns])}\n`
  const line = format.format === 'csv' ? asCsv : asJson
  if (format.format === 'csv') yield csvHead(columns, format)
  for await (const page of pages) {
    // Joined at once: a text that grows piece by piece is kept in pieces, which outlive the page.
    yield page.map(line).join('')
  }
}

/** How rows of several lists are written: times in an IANA zone, lists by name. */
export interface NamedLists extends FileFormat {
  timeZone: string
  nameOf(listId: number): string
}

/** Makes a row a record, with its times by the given function; an empty array leaves it out. */
type ToRecord<R, C extends string> = (
  row: R,
  iso: (time: number) => string,
) => FileRecord<C> | FileRecord<C>[]

/** Rows as a file, their times written in an IANA zone. */
export function writeInZone<R, C extends string>(
  columns: readonly C[],
  pages: AsyncIterable<readonly R[]>,
  { timeZone, ...format }: FileFormat & { timeZone: string },
  toRecord: ToRecord<R, C>,
): AsyncGenerator<string> {
  return writeRecords(columns, recordsOf(pages, isoTimes(timeZone), toRecord), format)
}

async function* recordsOf<R, C extends string>(
  pages: AsyncIterable<readonly R[]>,
  iso: (time: number) => string,
  toRecord: ToRecord<R, C>,
): AsyncGenerator<FileRecord<C>[]> {
  for await (const page of pages) yield page.flatMap((row) => toRecord(row, iso))
}
