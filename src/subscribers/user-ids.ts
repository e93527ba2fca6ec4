import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'

/** A site's own ids for people, by address key; addresses without a user id are absent. */
export async function readUserIds(
  database: Database,
  siteId: number,
  addressKeys: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = addressKeys.map((address_key) => ({ address_key }))
  const wanted = rowSet(database, 'wanted', { address_key: 'text' }, rows)
  const found = await database.read(
    database.query
      .selectFrom(wanted)
      .crossJoin('subscriber_user_id as u')
      .whereRef('u.address_key', '=', 'wanted.address_key')
      .where('u.site_id', '=', siteId)
      .select(['u.address_key', 'u.user_id'])
      .orderBy('u.address_key')
      .orderBy('u.user_id'),
  )
  const byKey = new Map<string, string[]>()
  for (const { address_key, user_id } of found) {
    const ids = byKey.get(address_key)
    if (ids) ids.push(user_id)
    else byKey.set(address_key, [user_id])
  }
  return byKey
}
