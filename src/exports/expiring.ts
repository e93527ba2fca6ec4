import type { ListedRecipient } from '../suppression/reading/read-list.ts'
import { type NamedLists, writeInZone } from './records.ts'

const COLUMNS = [
  'list',
  'address',
  'day',
  'expiresAt',
  'reason',
  'since',
  'requestedAt',
  'source',
  'messageId',
] as const

/**
 * Writes, as a file, who becomes deliverable without anybody doing anything, and on which day of the zone in which
 * times are written.
 */
export function writeExpiring(
  pages: AsyncIterable<readonly ListedRecipient[]>,
  { nameOf, ...format }: NamedLists,
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, format, ({ expiresAt, ...row }, iso) => {
    // A list may have lost its lifetime while the file was being written.
    if (expiresAt === null) return []
    const end = iso(expiresAt)
    return {
      list: nameOf(row.listId),
      address: row.address,
      day: end.slice(0, 10),
      expiresAt: end,
      reason: row.reason,
      since: iso(row.since),
      requestedAt: iso(row.requestedAt),
      source: row.source,
      messageId: row.messageId,
    }
  })
}
