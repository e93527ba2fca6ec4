import { writeFile } from 'node:fs/promises'
import { addressOf } from './addresses.ts'

const LINES_PER_WRITE = 10_000
/** Serials from here on are not on any list. */
const STRANGERS = 3_000_000_000
/** One in this many of the checked recipients is on a list. */
const LISTED_EVERY = 10

/** A file as it is uploaded: CSV with the column email among others. */
export function writeImportFile(file: string, from: number, count: number): Promise<void> {
  const row = (serial: number) => `${serial},${addressOf(serial)},2026-10-01\n`
  return writeLines(file, 'user_id,email,registered\n', count, (index) => row(from + index))
}

/** The columns of a list's state that an import fills. */
export const STATE_COLUMNS =
  'address_key text not null, list_id bigint not null, address text not null, active bigint not null, since bigint not null,' +
  ' requested_at bigint not null, removed bigint not null, reason text not null, source text not null, revision bigint not null'

/** The same addresses in the same order as rows of that state, ready to be loaded. */
export function writeStateFile(file: string, from: number, count: number): Promise<void> {
  const at = Date.UTC(2026, 9, 1)
  return writeLines(file, '', count, (index) => {
    const address = addressOf(from + index)
    return `${address.toLowerCase()},1,${address},1,${at},${at},0,blocked,import,${at}\n`
  })
}

/** The recipients of a mailing, one address per line; one in ten is among the first `listed` serials. */
export function writeRecipients(file: string, count: number, listed: number): Promise<void> {
  return writeLines(file, '', count, (index) => {
    const isListed = index % LISTED_EVERY === 0
    return `${addressOf(isListed ? Math.floor((index / count) * listed) : STRANGERS + index)}\n`
  })
}

/** How many of the recipients are on a list. */
export function listedAmong(count: number): number {
  return Math.ceil(count / LISTED_EVERY)
}

function writeLines(
  file: string,
  head: string,
  count: number,
  line: (index: number) => string,
): Promise<void> {
  function* parts() {
    yield head
    for (let start = 0; start < count; start += LINES_PER_WRITE) {
      const length = Math.min(LINES_PER_WRITE, count - start)
      yield Array.from({ length }, (_, index) => line(start + index)).join('')
    }
  }
  return writeFile(file, parts())
}
