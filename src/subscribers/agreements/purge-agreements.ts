import { sql } from 'kysely'
import { DAY_MS } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import { findServices } from '../../tenants/service.ts'

const ROWS_PER_COMMIT = 1_000

/**
 * Removes what was agreed to longer ago than the service keeps evidence, by who is no longer a member: as long as mail goes to
 * somebody, it can be shown why. Answers how many.
 */
export async function purgeAgreements(
  database: Database,
  now: number,
  { signal, batch = ROWS_PER_COMMIT }: { signal?: AbortSignal; batch?: number } = {},
): Promise<number> {
  let removed = 0
  for (const { id, settings } of await findServices(database)) {
    if (settings.evidenceDays === null) continue
    removed += await purgeService(database, id, now - settings.evidenceDays * DAY_MS, batch, signal)
  }
  return removed
}

const ISNT_MEMBER = sql<boolean>`not exists (select 1 from subscriber_membership as m
  where m.address_key = agreement.address_key and m.service_id = agreement.service_id and m.state = 'joined')`

async function purgeService(
  database: Database,
  serviceId: number,
  before: number,
  batch: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { query } = database
  const key = sql`(agreed_at, address_key, form_id)`
  let removed = 0
  for (let after: { agreed_at: number; address_key: string; form_id: string } | undefined; ; ) {
    if (signal?.aborted) return removed
    let rows = query
      .selectFrom('agreement')
      .select(['agreed_at', 'address_key', 'form_id'])
      .where('service_id', '=', serviceId)
      .where('agreed_at', '<', before)
      .where(ISNT_MEMBER)
    if (after) {
      rows = rows.where(sql<boolean>`${key} > (${after.agreed_at}, ${after.address_key}, ${after.form_id})`)
    }
    const found = await database.read(
      rows.orderBy('agreed_at').orderBy('address_key').orderBy('form_id').limit(batch),
    )
    if (found.length === 0) return removed
    const columns = { agreed_at: 'integer', address_key: 'text', form_id: 'text' } as const
    const [gone] = await database.transact([
      query
        .deleteFrom('agreement')
        .where('service_id', '=', serviceId)
        .where(
          sql<boolean>`${key} in (select agreed_at, address_key, form_id from ${rowSet(database, 'given', columns, found)})`,
        )
        // Who joined again after they were found keeps it.
        .where(ISNT_MEMBER)
        .returning('form_id'),
    ])
    removed += gone.length
    if (found.length < batch) return removed
    after = found.at(-1)
  }
}
