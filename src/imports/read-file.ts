import { parseAddress } from '../kernel/address.ts'
import { DomainError } from '../kernel/domain-error.ts'
import { csvRows } from './csv-rows.ts'
import { decoderOf, findEncoding } from './encoding.ts'
import { readParts } from './file-bytes.ts'
import { textRows } from './text-rows.ts'
import { unreadable } from './unreadable.ts'

export type FileFormat = 'csv' | 'text'

/** KARTE's limit; skipped rows count, blank lines do not. */
export const MOST_ROWS = 1_000_000

const MOST_CHARACTERS_OF_REJECT = 200

/** A row that is no address. */
export interface Reject {
  /** As a spreadsheet counts: the header is row 1. */
  number: number
  /** Its first 200 characters. */
  text: string
  reason: string
}

/** An address key alone, or with the address as it was given where that is spelt differently. */
type Recipient = [key: string] | [key: string, address: string]

export interface ReadFile {
  encoding: string
  /** Data rows. */
  rows: number
  /** Rows whose recipient an earlier row had; the first one's spelling counts. */
  repeated: number
  rejects: Reject[]
  /** Every recipient once, in the order of the keys. */
  keys: string[]
  recipientOf(key: string): Recipient
}

/**
 * Reads a whole file into recipients. Blocks, for seconds when it is large: for a thread of its own. Throws DomainError
 * `unreadable-file`, `too-large`, or `invalid-value` for `encoding`.
 */
export function readFile(file: string, format: FileFormat, givenEncoding: string | undefined): ReadFile {
  const encoding = findEncoding(file, givenEncoding)
  const seen = new Set<string>()
  const spellings = new Map<string, string>()
  const rejects: Reject[] = []
  let rows = 0
  let repeated = 0
  const take = (number: number, text: string) => {
    rows++
    if (rows > MOST_ROWS) {
      throw new DomainError(
        'too-large',
        `row ${number} is one more than the ${MOST_ROWS} data rows that a file may have`,
      )
    }
    const parsed = parseAddress(text) ?? parseAddress(text.trim())
    if (!parsed) {
      rejects.push({
        number,
        text: text.slice(0, MOST_CHARACTERS_OF_REJECT).toWellFormed(),
        reason: reasonFor(text),
      })
    } else if (seen.has(parsed.key)) {
      repeated++
    } else {
      seen.add(parsed.key)
      if (parsed.address !== parsed.key) spellings.set(parsed.key, parsed.address)
    }
  }
  const reader = format === 'csv' ? csvRows(take) : textRows(take)
  const decoder = decoderOf(encoding)
  const push = (text: string) => {
    if (text.includes('\0')) throw unreadable(`there is a NUL character behind row ${rows + 1}`)
    reader.push(text)
  }
  for (const part of readParts(file)) push(decoder.decode(part, { stream: true }))
  push(decoder.decode())
  reader.end()
  if (rows === 0) throw unreadable('the file has no data rows')
  return {
    encoding,
    rows,
    repeated,
    rejects,
    keys: [...seen].sort(),
    recipientOf: (key) => {
      const address = spellings.get(key)
      return address === undefined ? [key] : [key, address]
    },
  }
}

function reasonFor(text: string): string {
  return text.trim() === '' ? 'there is no address' : 'this is no mail address'
}
