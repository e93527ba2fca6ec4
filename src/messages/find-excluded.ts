import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import type { MessageTable } from '../storage/tables.ts'

export interface ExcludedSearch {
  deliveryId: number
  /** Only what one of these lists excluded. */
  listIds?: readonly number[] | undefined
  /** Only these recipients. */
  addressKeys?: readonly string[] | undefined
}

const ROWS_PER_PAGE = 1_000

/** The messages of a delivery that were excluded, page by page. */
export function findExcluded(database: Database, search: ExcludedSearch): AsyncIterable<MessageTable[]> {
  return search.addressKeys === undefined
    ? allOf(database, search)
    : ofRecipients(database, search, search.addressKeys)
}

async function* allOf(database: Database, search: ExcludedSearch): AsyncGenerator<MessageTable[]> {
  for (let after = 0; ; ) {
    const found = await database.read(
      excludedIn(database, search)
        .where('m.delivery_id', '=', search.deliveryId)
        .where('m.id', '>', after)
        .orderBy('m.id')
        .limit(ROWS_PER_PAGE),
    )
    if (found.length > 0) yield found
    if (found.length < ROWS_PER_PAGE) return
    after = found.at(-1)?.id ?? after
  }
}

/** A seek for each recipient; a recipient has as many messages as mails came under the delivery's reference. */
async function* ofRecipients(
  database: Database,
  search: ExcludedSearch,
  addressKeys: readonly string[],
): AsyncGenerator<MessageTable[]> {
  for (let start = 0; start < addressKeys.length; start += ROWS_PER_PAGE) {
    const keys = addressKeys.slice(start, start + ROWS_PER_PAGE).map((address_key) => ({ address_key }))
    const wanted = rowSet(database, 'wanted', { address_key: 'text' }, keys)
    const found = await database.read(
      excludedIn(database, search)
        .where(sql<boolean>`m.address_key in (select address_key from ${wanted})`)
        // Concealed, so that a recipient is not looked for among all of the delivery.
        .where(sql`m.delivery_id + 0`, '=', search.deliveryId),
    )
    if (found.length > 0) yield found
  }
}

function excludedIn({ query }: Database, { listIds }: ExcludedSearch) {
  const rows = query.selectFrom('message as m').selectAll('m').where(sql<boolean>`m.state || '' = 'excluded'`)
  return listIds === undefined ? rows : rows.where(sql<number>`m.excluded_list_id + 0`, 'in', listIds)
}
