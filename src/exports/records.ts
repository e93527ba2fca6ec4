import { csvField, csvHead, csvRecord, neutralised } from './csv.ts'
import { isoTimes } from './iso-times.ts'

export interface FileFormat {
  format: 'csv' | 'ndjson'
  /** Begins CSV with a byte order mark. */
  bom: boolean
  /** Whether cells of a CSV that a spreadsheet would calculate are `kept` as they are (unless given) or made text. */
  formulas?: 'kept' | 'neutral'
}

/** One record of a CSV, its cells as the format wants them. */
export function csvLine(fields: readonly string[], { formulas }: Pick<FileFormat, 'formulas'>): string {
  return csvRecord(formulas === 'neutral' ? fields.map(neutralised) : fields)
}

export type FileRecord<C extends string> = Readonly<Record<C, string | number | null>>

/** Records as a file, page by page: only one page is held at a time. Null is an empty cell in CSV. */
export async function* writeRecords<C extends string>(
  columns: readonly C[],
  pages: AsyncIterable<readonly FileRecord<C>[]>,
  format: FileFormat,
): AsyncGenerator<string> {
  const names = [...columns]
  const asJson = (record: FileRecord<C>) => `${JSON.stringify(record, names)}\n`
  const line = format.format === 'csv' ? csvLines(columns, format) : asJson
  if (format.format === 'csv') yield csvHead(columns, format)
  for await (const page of pages) {
    // Joined at once: V8 keeps a text that grows piece by piece in its pieces, which outlive the page.
    yield page.map(line).join('')
  }
}

/**
 * Turns records into lines, one after another. A cell equal to the one in the line before, as most are, is not
 * formatted again.
 */
function csvLines<C extends string>(
  columns: readonly C[],
  { formulas }: FileFormat,
): (record: FileRecord<C>) => string {
  const write = formulas === 'neutral' ? (field: string) => csvField(neutralised(field)) : csvField
  const cells = columns.map((column, index) => {
    const comma = index === 0 ? '' : ','
    return { column, comma, value: undefined as FileRecord<C>[C] | undefined, text: comma }
  })
  return (record) => {
    let line = ''
    for (const cell of cells) {
      const value = record[cell.column]
      if (value !== cell.value) {
        cell.value = value
        cell.text = cell.comma + write(String(value ?? ''))
      }
      line += cell.text
    }
    return `${line}\r\n`
  }
}

/** How rows of several lists are written: times in an IANA zone, lists by name. */
export interface NamedLists extends FileFormat {
  timeZone: string
  nameOf(listId: number): string
}

/** Turns a row into records, its times formatted by the given function; an empty array leaves the row out. */
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
