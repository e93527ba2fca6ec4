import type { Readable } from 'node:stream'
import { csvRecord } from '../../../exports/csv.ts'
import { csvRecords, emailColumn } from '../../../imports/csv-records.ts'
import { decoderOf, refuseMark } from '../../../imports/encoding.ts'
import { refuseForeign } from '../../../imports/foreign-file.ts'
import { textRows } from '../../../imports/text-rows.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import { mistake } from '../failure.ts'
import { nameOf } from '../input.ts'

export interface Row {
  /** What should be an address. */
  address: string
  /** The whole row, as it goes on: a CSV keeps its other columns. */
  text: string
}

/** Some rows that came together, in the order of the file. */
export interface Batch {
  /** The header of a CSV, before the first rows. */
  head: string
  rows: Row[]
  /** Of the file, read so far. */
  bytes: number
}

export interface FileForm {
  format: 'csv' | 'text'
  /** A label of the Encoding Standard. */
  encoding: string
}

const MOST_ROWS = 5_000

/** The rows of a file as they come; blank lines are left out. Rejects with a Failure that names the file and the row. */
export async function* readRows(
  file: string,
  input: Readable,
  { format, encoding }: FileForm,
): AsyncGenerator<Batch> {
  const decoder = openDecoder(encoding)
  let head = ''
  const rows: Row[] = []
  let column: number | undefined
  const reader =
    format === 'text'
      ? textRows((_number, address) => rows.push({ address, text: `${address}\n` }))
      : csvRecords((number, fields) => {
          if (column === undefined) {
            column = emailColumn(fields, number)
            head = csvRecord(fields)
          } else {
            rows.push({ address: (fields[column] ?? '').trim(), text: csvRecord(fields) })
          }
        })
  const batches = function* (bytes: number): Generator<Batch> {
    for (; rows.length > 0 || head !== ''; head = '') yield { head, rows: rows.splice(0, MOST_ROWS), bytes }
  }
  const decode = (chunk?: Buffer) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch (cause) {
      const [name, what] = [nameOf(file), encoding.toUpperCase()]
      throw mistake(`${name} is not ${what}: give --encoding`, cause)
    }
  }
  const named = (work: () => void) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      throw mistake(`${nameOf(file)}: ${error.message}`, error)
    }
  }
  const refuseNoText = (start: Buffer) => {
    refuseForeign(start, format)
    if (decoder.encoding === 'utf-8') refuseMark(start)
  }
  let bytes = 0
  for await (const chunk of input) {
    if (bytes === 0) named(() => refuseNoText(chunk as Buffer))
    bytes += (chunk as Buffer).length
    named(() => reader.push(decode(chunk as Buffer)))
    yield* batches(bytes)
  }
  named(() => {
    reader.push(decode())
    reader.end()
  })
  yield* batches(bytes)
}

function openDecoder(encoding: string): TextDecoder {
  try {
    return decoderOf(encoding)
  } catch (cause) {
    throw mistake(`--encoding: ${encoding} is no label of the Encoding Standard, such as shift_jis`, cause)
  }
}
