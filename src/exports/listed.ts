import type { ListedRecipient } from '../suppression/read-list.ts'
import { isoTimes } from './iso-times.ts'
import { type FileFormat, type FileRecord, writeRecords } from './records.ts'

const COLUMNS = [
  'address',
  'reason',
  'since',
  'requestedAt',
  'expiresAt',
  'source',
  'messageId',
  'state',
] as const

/** Who is or was on one list as a file. `timeZone` is the IANA zone in which times are written. */
export function writeListed(
  pages: AsyncIterable<readonly ListedRecipient[]>,
  { timeZone, ...format }: FileFormat & { timeZone: string },
): AsyncGenerator<string> {
  return writeRecords(COLUMNS, inZone(pages, timeZone), format)
}

async function* inZone(
  pages: AsyncIterable<readonly ListedRecipient[]>,
  timeZone: string,
): AsyncGenerator<FileRecord<(typeof COLUMNS)[number]>[]> {
  const iso = isoTimes(timeZone)
  for await (const page of pages) {
    yield page.map((row) => ({
      address: row.address,
      reason: row.reason,
      since: iso(row.since),
      requestedAt: iso(row.requestedAt),
      expiresAt: row.expiresAt === null ? null : iso(row.expiresAt),
      source: row.source,
      messageId: row.messageId,
      state: row.state,
    }))
  }
}
