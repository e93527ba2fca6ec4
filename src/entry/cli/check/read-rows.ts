import type { Readable } from 'node:stream'
import { csvRecord } from '../../../exports/csv.ts'
import { csvRecords, emailColumn } from '../../../imports/reading/csv-records.ts'
import { encodingName, refuseMark, refusePartAsciiAlike } from '../../../imports/reading/encoding.ts'
import { refuseForeign } from '../../../imports/reading/foreign-file.ts'
import { textRows } from '../../../imports/reading/text-rows.ts'
import { BadByte, type TracingDecoder, tracingDecoder } from '../../../imports/reading/tracing-decoder.ts'
import { unreadable } from '../../../imports/reading/unreadable.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import { mistake } from '../failure.ts'
import { nameOf } from '../input.ts'

export interface Row {
  /** The cell that should hold an address. */
  address: string
  /** The whole row, to be passed on: a CSV keeps its other columns. */
  text: string
}

/** Rows that came together, in the order of the file. */
export interface Batch {
  /** The header of a CSV, before the first rows. */
  head: string
  rows: Row[]
  /** How many bytes of the file have been read so far. */
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
  let count = 0
  const take = (address: string, text: string) => {
    count++
    rows.push({ address, text })
  }
  const reader =
    format === 'text'
      ? textRows((_number, address) => take(address, `${address}\n`))
      : csvRecords((number, fields) => {
          if (column === undefined) {
            column = emailColumn(fields, number)
            head = csvRecord(fields)
          } else {
            take((fields[column] ?? '').trim(), csvRecord(fields))
          }
        })
  const batches = function* (bytes: number): Generator<Batch> {
    for (; rows.length > 0 || head !== ''; head = '') yield { head, rows: rows.splice(0, MOST_ROWS), bytes }
  }
  let bytes = 0
  const decode = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk)
    } catch (cause) {
      if (!(cause instanceof BadByte)) throw cause
      // With something in the place of the byte, which may begin a row.
      reader.push(`${cause.textBefore}\ufffd`)
      const where = `at byte ${cause.position}, in row ${reader.row}`
      const sentence = `${nameOf(file)} is not ${encodingName(decoder.encoding)} ${where}: give --encoding`
      throw mistake(sentence, new DomainError('unreadable-file', sentence, { cause }))
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
  const push = (chunk: Buffer) => {
    if (bytes === 0) refuseForeign(chunk, format)
    if (decoder.encoding === 'utf-8') {
      if (bytes === 0) refuseMark(chunk)
      refusePartAsciiAlike(chunk, bytes, chunk)
    }
    const text = decode(chunk)
    if (text.includes('\0')) throw unreadable('nulBehindRow', format === 'csv' ? count + 1 : count)
    reader.push(text)
  }
  for await (const chunk of input) {
    named(() => push(chunk as Buffer))
    bytes += (chunk as Buffer).length
    yield* batches(bytes)
  }
  named(() => {
    if (bytes === 0) throw unreadable('empty')
    reader.push(decode())
    reader.end()
    if (count === 0) throw unreadable('noRows')
  })
  yield* batches(bytes)
}

function openDecoder(encoding: string): TracingDecoder {
  try {
    return tracingDecoder(encoding)
  } catch (cause) {
    throw mistake(`--encoding: ${encoding} is not a label of the Encoding Standard, such as shift_jis`, cause)
  }
}
