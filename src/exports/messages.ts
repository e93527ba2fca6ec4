import type { FoundMessage } from '../messages/search-messages.ts'
import { isoTimes } from './iso-times.ts'
import { type FileFormat, type FileRecord, writeRecords } from './records.ts'

type Row = Omit<FoundMessage, 'listId'> & { list: string | null }

const COLUMNS = [
  'acceptedAt',
  'deliveryId',
  'id',
  'from',
  'to',
  'state',
  'list',
  'reason',
  'since',
  'attempts',
  'reply',
  'messageId',
  'updatedAt',
] as const

/** What became of each recipient as a file. `timeZone` is the IANA zone in which times are written. */
export function writeMessages(
  pages: AsyncIterable<readonly Row[]>,
  { timeZone, ...format }: FileFormat & { timeZone: string },
): AsyncGenerator<string> {
  return writeRecords(COLUMNS, inZone(pages, timeZone), format)
}

async function* inZone(
  pages: AsyncIterable<readonly Row[]>,
  timeZone: string,
): AsyncGenerator<FileRecord<(typeof COLUMNS)[number]>[]> {
  const iso = isoTimes(timeZone)
  for await (const page of pages) {
    yield page.map((row) => ({
      ...row,
      acceptedAt: iso(row.acceptedAt),
      since: row.since === null ? null : iso(row.since),
      updatedAt: iso(row.updatedAt),
    }))
  }
}
