import { type Compilable, type RawBuilder, sql } from 'kysely'
import { countWritten } from '../../storage/count-written.ts'
import type { Database } from '../../storage/database.ts'
import { columnType, type RowSet } from '../../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS, insertEvents, insertEventsOnce } from './add-events.ts'
import { insertStops, STOP_COLUMNS, stop } from './stop.ts'

/** What is the same for all who are put on a list together. Times are epoch milliseconds. */
interface StopOfAll {
  listId: number
  requestedAt: number
  reason: string
  importId: number
  at: number
  /** None of them has a row on the list yet, as far as was seen. */
  isNobodyListed: boolean
}

/** What differs between them. */
export const RECIPIENT_COLUMNS = { address_key: 'text', address: 'text' } as const

/** What the event of a row that was changed takes from it. */
const TOLD = ['address_key', 'list_id', 'revision', 'address', 'since', 'reason', 'source', 'before'] as const

/**
 * Puts recipients on one list with one request and writes the events of those whom it changed; then a statement that knows how
 * many they were. On PostgreSQL it rejects with UniqueViolation when one of them turns out to be on the list, as another process
 * may put them there at the same moment: nothing has happened then, and once more it is known to be there.
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
  // An insert that has to expect a conflict costs half as much again, so those without a row are told from the others first.
  // Only what differs is carried along: it is written down until all of the statement has read it.
  const all = database.query.selectFrom(recipients).select(['address_key', 'address'])
  const probed = all
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('suppression as s')
          .select(eb.lit(1).as('there'))
          .whereRef('s.address_key', '=', 'given.address_key')
          // `+ 0` offers no index that begins with the list: see `sameList`.
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
    // As `insertStops` writes them: what it returned of each row would have to be kept until the events are written.
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
