import {
  decoderOf,
  findEncoding,
  firstBadByte,
  readsAsEucJp,
  refuseOthers,
} from '../../imports/reading/encoding.ts'
import { readParts } from '../../imports/reading/file-bytes.ts'
import type { Reject } from '../../imports/reading/read-file.ts'
import { tooLarge, unreadable } from '../../imports/reading/unreadable.ts'
import { type SubscriberRow, subscriberRows } from './subscriber-rows.ts'

/** Bounded, since a file is applied while its sender waits for the answer. */
const MOST_ROWS = 100_000
const MOST_REJECTS = 10_000

export interface SubscriberFile {
  encoding: string
  /** Data rows. */
  rows: number
  rejects: Reject[]
  /** The valid rows, `size` at a time. */
  batches(size: number): Generator<SubscriberRow[]>
}

/**
 * Reads a file of subscribers once to its end, so that an invalid one changes nothing; `batches` reads it again. UTF-8,
 * with or without a mark, or else Shift_JIS; `given` overrides that. Blocks, so it is for a thread of its own. Throws
 * DomainError `unreadable-file`, `too-large`, or `invalid-value` for the encoding.
 */
export function readSubscribers(file: string, given: string | undefined): SubscriberFile {
  const encoding = given === undefined ? findJapanese(file) : findEncoding(file, given).label
  const rejects: Reject[] = []
  let rows = 0
  const count = (number: number) => {
    rows++
    if (rows > MOST_ROWS) throw tooLarge('atRow', number, MOST_ROWS)
  }
  const take = (_row: SubscriberRow, number: number) => count(number)
  const reader = subscriberRows(take, (reject) => {
    count(reject.number)
    if (rejects.push(reject) > MOST_REJECTS) {
      throw unreadable('manyRejects', MOST_REJECTS, reject.number)
    }
  })
  for (const text of textOf(file, encoding)) reader.push(text)
  reader.end()
  if (rows === 0) throw unreadable('noRows')
  return { encoding, rows, rejects, batches: (size) => batchesOf(file, encoding, size) }
}

function* batchesOf(file: string, encoding: string, size: number): Generator<SubscriberRow[]> {
  const ready: SubscriberRow[] = []
  const reader = subscriberRows(
    (row) => ready.push(row),
    () => {},
  )
  for (const text of textOf(file, encoding)) {
    reader.push(text)
    while (ready.length >= size) yield ready.splice(0, size)
  }
  reader.end()
  while (ready.length > 0) yield ready.splice(0, size)
}

function* textOf(file: string, encoding: string): Generator<string> {
  const decoder = decoderOf(encoding)
  for (const part of readParts(file)) {
    const text = decoder.decode(part, { stream: true })
    if (text.includes('\0')) throw unreadable('nul')
    yield text
  }
  yield decoder.decode()
}

function findJapanese(file: string): string {
  refuseOthers(file)
  const byte = firstBadByte(file, 'utf-8')
  if (byte === undefined) return 'utf-8'
  if (readsAsEucJp(file)) throw unreadable('japanese', 'EUC-JP')
  if (firstBadByte(file, 'shift_jis') === undefined) return 'shift_jis'
  throw unreadable('notJapanese', byte)
}
