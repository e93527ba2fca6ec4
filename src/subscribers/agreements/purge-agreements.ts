import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type PurgeOptions, purgePages } from '../../storage/purge-pages.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { AgreementTable } from '../../storage/tables.ts'
import { retentionLimits } from '../../tenants/retention.ts'

/**
 * Removes agreements older than the service keeps evidence, of people who are no longer members: as long as mail goes
 * to somebody, it can be shown why. Answers how many.
 */
export async function purgeAgreements(
  database: Database,
  now: number,
  options: PurgeOptions = {},
): Promise<number> {
  let removed = 0
  for (const { serviceId, before } of await retentionLimits(database, now, 'evidenceDays')) {
    removed += await purgePages<OldAgreement>(options, {
      find: (after, most) => database.read(oldAgreements(database, serviceId, before, after).limit(most)),
      remove: (rows) => remove(database, serviceId, rows),
    })
  }
  return removed
}

type OldAgreement = Pick<AgreementTable, 'agreed_at' | 'address_key' | 'form_id'>

const COLUMNS = { agreed_at: 'integer', address_key: 'text', form_id: 'text' } as const
const KEY = sql`(agreed_at, address_key, form_id)`
const ISNT_MEMBER = sql<boolean>`not exists (select 1 from subscriber_membership as m
  where m.address_key = agreement.address_key and m.service_id = agreement.service_id and m.state = 'joined')`

function oldAgreements(
  { query }: Database,
  serviceId: number,
  before: number,
  after: OldAgreement | undefined,
) {
  let rows = query
    .selectFrom('agreement')
    .select(['agreed_at', 'address_key', 'form_id'])
    .where('service_id', '=', serviceId)
    .where('agreed_at', '<', before)
    .where(ISNT_MEMBER)
  if (after) {
    rows = rows.where(sql<boolean>`${KEY} > (${after.agreed_at}, ${after.address_key}, ${after.form_id})`)
  }
  return rows.orderBy('agreed_at').orderBy('address_key').orderBy('form_id')
}

async function remove(database: Database, serviceId: number, rows: readonly OldAgreement[]): Promise<number> {
  const given = rowSet(database, 'given', COLUMNS, rows)
  const [gone] = await database.transact([
    database.query
      .deleteFrom('agreement')
      .where('service_id', '=', serviceId)
      .where(sql<boolean>`${KEY} in (select agreed_at, address_key, form_id from ${given})`)
      // Whoever joined again after their agreement was found keeps it.
      .where(ISNT_MEMBER)
      .returning('form_id'),
  ])
  return gone.length
}
