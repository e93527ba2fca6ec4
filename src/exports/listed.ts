import type { ListedRecipient } from '../suppression/reading/read-list.ts'
import { type NamedLists, writeInZone } from './records.ts'

const COLUMNS = [
  'address',
  'reason',
  'since',
  'requestedAt',
  'expiresAt',
  'source',
  'messageId',
  'state',
  'list',
] as const

/** Writes who is or was on one list as a file, which can be imported again. */
export function writeListed(
  pages: AsyncIterable<readonly ListedRecipient[]>,
  { nameOf, ...format }: NamedLists,
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, format, (row, iso) => ({
    address: row.address,
    reason: row.reason,
    since: iso(row.since),
    requestedAt: iso(row.requestedAt),
    expiresAt: row.expiresAt === null ? null : iso(row.expiresAt),
    source: row.source,
    messageId: row.messageId,
    state: row.state,
    list: nameOf(row.listId),
  }))
}
