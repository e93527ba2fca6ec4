import { type RawBuilder, sql } from 'kysely'
import type { Address } from '../../kernel/address.ts'
import { DAY_MS } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { type RowOf, rowSet } from '../../storage/row-set.ts'
import type { CallerEvidence, SuppressionChange } from '../../suppression/changing/change.ts'
import { lockStatements } from '../../suppression/changing/lock.ts'
import { recordStatements } from '../../suppression/changing/record.ts'
import { excludesSql } from '../../suppression/deciding/standing.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import type { Service } from '../../tenants/service.ts'

/** How often mail to an address came back for a passing reason, counting only what still counts. */
export interface ErrorCount {
  address: string
  /**
   * 0 to 99, in tenths. At the service's threshold or above it when the address is on `hard-bounces`, whatever put it
   * there.
   */
  count: number
  registeredAt: number
  updatedAt: number
}

/** A service and its list `hard-bounces`. */
export interface Counting {
  service: Pick<Service, 'id' | 'settings'>
  hardBounces: { id: number }
}

type Recipient = Pick<Address, 'address' | 'key'>

const KEYS = { address_key: 'text' } as const

const COUNTS = {
  address_key: 'text',
  service_id: 'integer',
  address: 'text',
  tenths: 'integer',
  at: 'integer',
} as const

/**
 * Whether the count of a row is over: nothing came back for the service's `softBounceDays`, or the address was made
 * deliverable again since. Computed when it is read, so that no job has to run for it to be right.
 */
export function countIsOver({ service, hardBounces }: Counting, now: number) {
  return sql<boolean>`(error_count.updated_at <= ${now - service.settings.softBounceDays * DAY_MS}
    or exists (select 1 from suppression as r where r.address_key = error_count.address_key
      and r.list_id = ${hardBounces.id} and r.resumed_at > error_count.updated_at))`
}

/**
 * Reads the counts of addresses, by address key. Addresses whose mail never came back, and that are on no list, are
 * absent.
 */
export async function readErrorCounts(
  database: Database,
  counting: Counting,
  keys: readonly string[],
  now: number,
): Promise<Map<string, ErrorCount>> {
  const { service, hardBounces } = counting
  const given = rowSet(
    database,
    'given',
    KEYS,
    [...new Set(keys)].map((address_key) => ({ address_key })),
  )
  const rows = await database.read(
    database.query
      .selectFrom(given)
      .leftJoin('error_count', (join) =>
        join
          .onRef('error_count.address_key', '=', 'given.address_key')
          .on('error_count.service_id', '=', service.id),
      )
      .leftJoin('suppression', (join) =>
        join
          .onRef('suppression.address_key', '=', 'given.address_key')
          .on(sql<boolean>`suppression.list_id + 0 = ${hardBounces.id}`),
      )
      .select([
        'error_count.address as counted',
        'error_count.tenths',
        'error_count.registered_at',
        'error_count.updated_at',
      ])
      .select([
        'given.address_key',
        'suppression.address as listed',
        'suppression.since',
        'suppression.requested_at',
      ])
      .select(({ ref }) => [
        sql<number>`case when ${countIsOver(counting, now)} then 1 else 0 end`.as('over'),
        sql<number>`case when ${excludesSql({ ref } as never, sql`${now}`)} then 1 else 0 end`.as('excluded'),
      ])
      .where(sql<boolean>`(error_count.address is not null or suppression.active = 1)`),
  )
  return new Map(
    rows.map((row) => [row.address_key as string, toCount(row, service.settings.softBounceThreshold)]),
  )
}

function toCount(
  row: {
    counted: string | null
    tenths: number | null
    over: number
    excluded: number
    listed: string | null
    since: number | null
    requested_at: number | null
  } & { registered_at: number | null; updated_at: number | null },
  threshold: number,
): ErrorCount {
  const counted = row.over === 1 && row.excluded === 0 ? 0 : (row.tenths ?? 0) / 10
  return {
    address: row.counted ?? row.listed ?? '',
    count: row.excluded === 1 ? Math.max(counted, threshold) : counted,
    registeredAt: row.registered_at ?? row.since ?? 0,
    updatedAt:
      Math.max(row.updated_at ?? 0, row.excluded === 1 ? (row.requested_at ?? 0) : 0) ||
      (row.requested_at ?? 0),
  }
}

/**
 * Sets counts, each address once. One at the service's threshold or above it puts the address on `hard-bounces`; one
 * below it makes the address deliverable again, whatever had put it there. Who was erased is written under the hash.
 * One transaction for all.
 */
export async function setErrorCounts(
  { database, erased }: { database: Database; erased: Pick<ErasedPeople, 'replace'> },
  { service, hardBounces }: Counting,
  counts: readonly { recipient: Recipient; count: number }[],
  {
    at,
    source,
    evidence = null,
  }: Pick<SuppressionChange, 'source'> & {
    at: number
    evidence?: CallerEvidence | null
  },
): Promise<void> {
  const written = await erased.replace(counts.map((count) => ({ ...count, listId: hardBounces.id })))
  const latest = new Map(written.map((one) => [one.recipient.key, one]))
  const changes = [...latest.values()].map(({ recipient, count }): SuppressionChange => {
    const shared = { listId: hardBounces.id, recipient, requestedAt: at, source, evidence }
    return count >= service.settings.softBounceThreshold
      ? { ...shared, kind: 'stop', reason: 'error-count', messageId: null, mailedAt: null }
      : { ...shared, kind: 'resume' }
  })
  const rows = [...latest.values()].map(({ recipient, count }) => ({
    address_key: recipient.key,
    service_id: service.id,
    address: recipient.address,
    tenths: Math.round(count * 10),
    at,
  }))
  await database.transact([
    ...lockStatements(database, changes),
    ...recordStatements(database)(
      changes.map((change) => ({ change, renewedAt: at })),
      at,
    ),
    upsertCounts(database, rows).onConflict((oc) =>
      oc.columns(['address_key', 'service_id']).doUpdateSet((eb) => ({
        address: eb.ref('excluded.address'),
        tenths: eb.ref('excluded.tenths'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    ),
  ])
}

/** The statement that writes counts if `when` holds; the caller says what becomes of counts that exist already. */
export function upsertCounts(
  database: Database,
  rows: readonly RowOf<typeof COUNTS>[],
  when: RawBuilder<boolean> = sql`1 = 1`,
) {
  const given = rowSet(database, 'given', COUNTS, rows.toSorted(byKey))
  return database.query
    .insertInto('error_count')
    .columns(['address_key', 'service_id', 'address', 'tenths', 'registered_at', 'updated_at'])
    .expression(
      (eb) =>
        eb
          .selectFrom(given)
          .select([
            'address_key',
            'service_id',
            'address',
            'tenths',
            'at as registered_at',
            'at as updated_at',
          ])
          // SQLite would read `on conflict` as a join's `on` without a where.
          .where(when)
          .orderBy('address_key') as never,
    )
}

function byKey(a: { address_key: string | null }, b: { address_key: string | null }): number {
  return (a.address_key ?? '') < (b.address_key ?? '') ? -1 : 1
}
