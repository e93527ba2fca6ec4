import { type Compilable, type RawBuilder, sql } from 'kysely'
import { countWritten } from '../../storage/count-written.ts'
import type { Database } from '../../storage/database.ts'
import { columnType, type RowSet } from '../../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS, insertEvents, insertEventsOnce } from './add-events.ts'
import { insertStops, STOP_COLUMNS, stop } from './stop.ts'

/** What is the same for all recipients who are put on a list together. Times are epoch milliseconds. */
interface StopOfAll {
  listId: number
  requestedAt: number
  reason: string
  importId: number
  at: number
  /** True when, as far as was seen, none of them has a row on the list yet. */
  isNobodyListed: boolean
}

/** The columns that differ between them. */
export const RECIPIENT_COLUMNS = { address_key: 'text', address: 'text' } as const

/** What the event of a changed row takes from the row. */
const TOLD = ['address_key', 'list_id', 'revision', 'address', 'since', 'reason', 'source', 'before'] as const

/**
 * Puts recipients on one list by one request and writes the events of those whom that changed; the last statement knows
 * how many they were. On PostgreSQL the transaction rejects with UniqueViolation when another process puts one of them
 * on the list at the same moment: nothing has happened then, and when it is tried again their row is seen.
 */
export function stopAll(
  database: Database,
  recipients: RowSet<typeof RECIPIENT_COLUMNS, 'given'>,
  { listId, requestedAt, reason, importId, at, isNobodyListed }: StopOfAll,
  then: Parameters<typeof countWritten>[2],
): Compilable[] {
  const constants: Record<string, string | number> = {
    list_id: listId,
    kind: 'stop',
    requested_at: requestedAt,
    renewed_at: requestedAt,
    reason,
    source: 'import',
    import_id: importId,
    at,
  }
  const given = <const C extends typeof STOP_COLUMNS | typeof EVENT_COLUMNS>(
    columns: C,
    rows: RawBuilder<unknown>,
  ) => {
    const cells = Object.entries(columns).map(([name, kind]) =>
      name in RECIPIENT_COLUMNS
        ? sql.ref(name)
        : sql`cast(${constants[name] ?? null} as ${columnType(kind)}) as ${sql.ref(name)}`,
    )
    return sql`(select ${sql.join(cells)} from ${rows})`.as('given') as unknown as RowSet<C, 'given'>
  }
  if (database.engine === 'sqlite') {
    const all = sql`${recipients}`
    const events = addEvents(database, given(EVENT_COLUMNS, all))
    return [stop(database, given(STOP_COLUMNS, all)), ...countWritten(database, events, then)]
  }
  // An insert that has to expect conflicts costs half as much again, so recipients without a row are separated from the
  // others first. Only columns that differ are carried along: PostgreSQL materialises them until the whole statement
  // has read them.
  const all = database.query.selectFrom(recipients).select(['address_key', 'address'])
  const probed = all
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('suppression as s')
          .select(eb.lit(1).as('there'))
          .whereRef('s.address_key', '=', 'given.address_key')
          // `+ 0` rules out indexes that begin with the list: see `sameList`.
          .where(sql<boolean>`s.list_id + 0 = ${listId}`)
          .limit(1)
          .as('row'),
      (join) => join.onTrue(),
    )
    .select('there')
  const begun = given(STOP_COLUMNS, sql`probed where there is null`)
  const renewed = given(STOP_COLUMNS, sql`probed where there is not null`)
  const one = sql.lit(1).as('one')
  const eventsOf = (rows: RawBuilder<unknown>) =>
    sql`(select address_key, list_id, revision, 'stop', address, since, reason, source, null, 0, null, before,
      cast(${importId} as bigint) from ${rows})`
  const query = database.query
    .with('probed', () =>
      isNobodyListed ? all.select(sql<number | null>`cast(null as int)`.as('there')) : probed,
    )
    .with('begun', () => insertStops(database, begun).returning(one))
    .with('renewed', () => stop(database, renewed).returning(TOLD))
    // The values that `insertStops` writes, repeated here: returning them for each row would keep them all until the
    // events are written.
    .with('begun_events', () =>
      insertEvents(
        database,
        eventsOf(
          sql`(select *, at as revision, requested_at as since, cast(null as text) as before from ${begun}) as written`,
        ),
      ).returning(one),
    )
    .with('renewed_events', () =>
      insertEventsOnce(database, eventsOf(sql`renewed where revision >= ${at}`)).returning(one),
    )
  const written = sql<number>`((select count(*) from begun_events) + (select count(*) from renewed_events))`
  return [then(query as unknown as Parameters<typeof then>[0], written)]
}
