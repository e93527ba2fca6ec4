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

/** Who becomes deliverable by himself as a file, with the day of it, in the zone in which times are written. */
export function writeExpiring(
  pages: AsyncIterable<readonly ListedRecipient[]>,
  { nameOf, ...format }: NamedLists,
): AsyncGenerator<string> {
  return writeInZone(COLUMNS, pages, format, ({ expiresAt, ...row }, iso) => {
    // A lifetime may have been taken away while the file was written.
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
