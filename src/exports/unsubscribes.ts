import { isoTimes } from './iso-times.ts'
import { type FileFormat, type FileRecord, writeRecords } from './records.ts'

/** A recipient who stopped the mail of a sender. */
export interface Unsubscribe {
  sender: string
  address: string
  /** The latest stop. */
  requestedAt: number
  /** The customer's own ids of the recipient. */
  userIds: readonly string[]
}

// The very header that users of KARTE import elsewhere.
const COLUMNS = ['from_address', 'user_id', 'target', 'timestamp'] as const

/**
 * Writes who stopped the mail of which sender as a file: a line for each user id of a recipient, or one line without an
 * id where there is none. `timeZone` is the IANA zone in which times are written.
 */
export function writeUnsubscribes(
  pages: AsyncIterable<readonly Unsubscribe[]>,
  { timeZone, ...format }: FileFormat & { timeZone: string },
): AsyncGenerator<string> {
  return writeRecords(COLUMNS, byUserId(pages, timeZone), format)
}

async function* byUserId(
  pages: AsyncIterable<readonly Unsubscribe[]>,
  timeZone: string,
): AsyncGenerator<FileRecord<(typeof COLUMNS)[number]>[]> {
  const iso = isoTimes(timeZone)
  for await (const page of pages) {
    yield page.flatMap(({ sender, address, requestedAt, userIds }) => {
      const line = { from_address: sender, target: address, timestamp: iso(requestedAt) }
      return userIds.length === 0
        ? { ...line, user_id: '' }
        : userIds.map((user_id) => ({ ...line, user_id }))
    })
  }
}
