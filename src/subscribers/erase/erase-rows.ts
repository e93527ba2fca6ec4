import { type Compilable, sql } from 'kysely'
import type { Erasure } from './erasure.ts'

const REHASHED = ['suppression', 'event', 'pending_resume'] as const
const FORGOTTEN = ['error_count', 'subscriber', 'subscriber_membership', 'subscriber_user_id'] as const

/** Replaces the person by the hash on every list, and deletes rows that exclude nobody. One transaction. */
export async function eraseRows({ database, siteId, key, hash, counted }: Erasure): Promise<void> {
  const { query } = database
  const services = sql`(select id from service where site_id = ${siteId})`
  const ofLists = sql<boolean>`list_id in (select id from list where service_id in ${services})`
  const ofServices = sql<boolean>`service_id in ${services}`
  const ofSite = sql<boolean>`site_id = ${siteId}`
  const rehash = (table: (typeof REHASHED)[number], isThere: string) =>
    query
      .updateTable(table as 'suppression')
      .set({ address_key: hash, address: hash })
      .where('address_key', '=', key)
      .where(ofLists)
      .where(
        sql<boolean>`not exists (select 1 from ${sql.table(table)} as h where h.address_key = ${hash} and ${sql.raw(isThere)})`,
      )
      .returning('list_id')
  const remove = (table: (typeof REHASHED)[number]) =>
    query
      .deleteFrom(table as 'suppression')
      .where('address_key', '=', key)
      .where(ofLists)
      .returning('list_id')
  const forget = (table: (typeof FORGOTTEN)[number]) =>
    query
      .deleteFrom(table as 'subscriber')
      .where('address_key', '=', key)
      .where(table === 'error_count' ? ofServices : ofSite)
      .returning('address_key')
  const ofPerson = query.updateTable('agreement').where('address_key', '=', key).where(ofServices)
  const steps: { statement: Compilable; table?: string }[] = [
    // The evidence that tells where a person was and what they used.
    {
      statement: query
        .updateTable('event')
        .set({ evidence_json: null })
        .where('address_key', '=', key)
        .where(ofLists),
    },
    // Excluded if either row excludes.
    {
      statement: query
        .updateTable('suppression')
        .set({
          active: 1,
          removed: 0,
          requested_at: sql<number>`(select max(o.requested_at) from suppression as o
            where o.list_id = suppression.list_id and o.address_key in (${key}, ${hash}))`,
        })
        .where('address_key', '=', hash)
        .where(ofLists)
        .where(
          sql<boolean>`exists (select 1 from suppression as o where o.address_key = ${key}
            and o.list_id = suppression.list_id and o.active = 1)`,
        ),
    },
    { table: 'suppression', statement: rehash('suppression', 'h.list_id = suppression.list_id') },
    {
      table: 'event',
      statement: rehash('event', 'h.list_id = event.list_id and h.recorded_at = event.recorded_at'),
    },
    { table: 'pending_resume', statement: rehash('pending_resume', 'h.list_id = pending_resume.list_id') },
    ...REHASHED.map((table) => ({ table, statement: remove(table) })),
    ...FORGOTTEN.map((table) => ({ table, statement: forget(table) })),
    // The fact of the agreement stays, for whoever knows the address; where it came from does not.
    { statement: ofPerson.set({ evidence_json: null, confirmation_json: null }) },
    {
      table: 'agreement',
      statement: ofPerson
        .set({ address_key: hash })
        .where(
          sql<boolean>`not exists (select 1 from agreement as h where h.address_key = ${hash}
            and h.service_id = agreement.service_id and h.agreed_at = agreement.agreed_at and h.form_id = agreement.form_id)`,
        )
        .returning('form_id'),
    },
    {
      table: 'agreement',
      statement: query
        .deleteFrom('agreement')
        .where('address_key', '=', key)
        .where(ofServices)
        .returning('form_id'),
    },
  ]
  const results = await database.transact(steps.map(({ statement }) => statement))
  for (const [index, { table }] of steps.entries()) {
    if (table !== undefined) counted(table, results[index]?.length ?? 0)
  }
}
