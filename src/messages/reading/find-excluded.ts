import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type Bounds, scanPage, within } from '../../storage/keyset-scan.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'

export interface ExcludedSearch {
  deliveryId: number
  /** Only messages that one of these lists excluded. */
  listIds?: readonly number[] | undefined
  /** Only these recipients. */
  addressKeys?: readonly string[] | undefined
}

const ROWS_PER_PAGE = 1_000

/** The messages of a delivery that were excluded, page by page. Pages are bounded as those of `scanPage` are. */
export function findExcluded(database: Database, search: ExcludedSearch): AsyncIterable<MessageTable[]> {
  return search.addressKeys === undefined
    ? allOf(database, search)
    : ofRecipients(database, search, search.addressKeys)
}

async function* allOf(database: Database, search: ExcludedSearch): AsyncGenerator<MessageTable[]> {
  const alongIndex = <R>(
    rows: SelectQueryBuilder<Tables & { m: MessageTable }, 'm', R>,
    bounds: Partial<Bounds>,
  ) =>
    rows
      .where('m.delivery_id', '=', search.deliveryId)
      .where(within([sql.ref('m.id')], { after: bounds.after, floor: bounds.floor }))
      .orderBy('m.id', 'desc')
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await scanPage<MessageTable>({
      keyLength: 1,
      cursor,
      limit: ROWS_PER_PAGE,
      selective: true,
      keyAfter: async (after, places) => {
        const ids = database.query.selectFrom('message as m').select('m.id')
        const [row] = await database.read(alongIndex(ids, { after }).limit(1).offset(places))
        return row && [row.id]
      },
      read: (bounds, most) => database.read(alongIndex(excludedIn(database, search), bounds).limit(most)),
      keyOf: ({ id }) => [id],
    })
    if (items.length > 0) yield items
    if (next === null) return
    cursor = next
  }
}

/** One seek for each recipient, who may have a message for each mail that came with the delivery's reference. */
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
        // Hidden from the planner, so that a recipient is not looked for among all messages of the delivery.
        .where(sql`m.delivery_id + 0`, '=', search.deliveryId),
    )
    if (found.length > 0) yield found
  }
}

function excludedIn({ query }: Database, { listIds }: ExcludedSearch) {
  const rows = query
    .selectFrom('message as m')
    .selectAll('m')
    .where(sql<boolean>`m.state || '' = 'excluded'`)
    // Erased people cannot be mailed: a hash stands in place of their address.
    .where(sql<boolean>`m.address_key not like 'erased:%'`)
  return listIds === undefined ? rows : rows.where(sql<number>`m.excluded_list_id + 0`, 'in', listIds)
}
