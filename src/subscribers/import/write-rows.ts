import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Service } from '../../tenants/service.ts'
import type { Membership } from '../subscriber.ts'
import type { SubscriberRow } from './subscriber-rows.ts'

interface Target {
  service: Pick<Service, 'id' | 'siteId'>
  membership: Membership
  at: number
}

const COLUMNS = { address_key: 'text', address: 'text', attributes_json: 'text' } as const

/**
 * Writes rows of a file in one transaction. Of rows with the same address the last one counts. What is given replaces
 * what was there; all rows of a file give the same kinds of data. Takes nobody off any list.
 */
export async function writeRows(
  database: Database,
  { service, membership, at }: Target,
  rows: readonly SubscriberRow[],
): Promise<void> {
  const byKey = new Map(rows.map((row) => [row.key, row]))
  // Sorted, so that two files at once take their locks in the same order.
  const people = [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const given = rowSet(
    database,
    'given',
    COLUMNS,
    people.map(({ key, address, data }) => ({
      address_key: key,
      address,
      attributes_json: data.attributes ? JSON.stringify(data.attributes) : null,
    })),
  )
  const constant = (value: string | number, type: 'text' | 'bigint') =>
    sql`cast(${value} as ${sql.raw(type)})`
  const asked = (column: string) => sql<never>`${sql.ref(`excluded.${column}`)}`
  await database.transact([
    database.query
      .insertInto('subscriber')
      .columns(['address_key', 'site_id', 'address', 'attributes_json', 'created_at', 'updated_at'])
      .expression(
        database.query
          .selectFrom(given)
          .select([
            'given.address_key',
            constant(service.siteId, 'bigint').as('site_id'),
            'given.address',
            sql<string>`coalesce(given.attributes_json, '{}')`.as('attributes_json'),
            constant(at, 'bigint').as('created_at'),
            constant(at, 'bigint').as('updated_at'),
          ])
          // SQLite would read `on conflict` as a join's `on` without a where.
          .where(sql<boolean>`1 = 1`)
          .orderBy('given.address_key'),
      )
      .onConflict((oc) =>
        oc.columns(['address_key', 'site_id']).doUpdateSet({
          address: asked('address'),
          updated_at: asked('updated_at'),
          ...(people[0]?.data.attributes && { attributes_json: asked('attributes_json') }),
        }),
      ),
    database.query
      .insertInto('subscriber_membership')
      .columns(['address_key', 'service_id', 'site_id', 'state', 'since', 'via'])
      .expression(
        database.query
          .selectFrom(given)
          .select([
            'given.address_key',
            constant(service.id, 'bigint').as('service_id'),
            constant(service.siteId, 'bigint').as('site_id'),
            constant(membership, 'text').as('state'),
            constant(at, 'bigint').as('since'),
            constant('import', 'text').as('via'),
          ])
          .where(sql<boolean>`1 = 1`)
          .orderBy('given.address_key'),
      )
      .onConflict((oc) =>
        oc
          .columns(['address_key', 'service_id'])
          .doUpdateSet({ state: asked('state'), since: asked('since'), via: asked('via') })
          .whereRef('subscriber_membership.state', '<>', sql.ref('excluded.state')),
      ),
    ...userIdStatements(database, service.siteId, people),
  ])
}

function userIdStatements(database: Database, siteId: number, people: readonly SubscriberRow[]) {
  if (!people[0]?.data.userIds) return []
  const keys = people.map(({ key }) => ({ address_key: key }))
  const ids = people.flatMap(({ key, data }) =>
    (data.userIds ?? []).map((user_id) => ({ address_key: key, user_id })),
  )
  const whose = rowSet(database, 'whose', { address_key: 'text' }, keys)
  const given = rowSet(database, 'given', { address_key: 'text', user_id: 'text' }, ids)
  return [
    database.query
      .deleteFrom('subscriber_user_id')
      .where('site_id', '=', siteId)
      .where(sql<boolean>`address_key in (select address_key from ${whose})`),
    database.query
      .insertInto('subscriber_user_id')
      .columns(['address_key', 'site_id', 'user_id'])
      .expression(
        database.query
          .selectFrom(given)
          .select(['given.address_key', sql`cast(${siteId} as bigint)`.as('site_id'), 'given.user_id']),
      ),
  ]
}
