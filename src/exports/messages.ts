import type { FoundMessage } from '../messages/reading/search-messages.ts'
import { type FileFormat, writeInZone } from './records.ts'

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
  format: FileFormat & { timeZone: string },
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, format, (row, iso) => ({
    ...row,
    acceptedAt: iso(row.acceptedAt),
    since: row.since === null ? null : iso(row.since),
    updatedAt: iso(row.updatedAt),
  }))
}
