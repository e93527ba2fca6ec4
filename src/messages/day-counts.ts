import { type Compilable, type Expression, type RawBuilder, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { prepareRows } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'

/** How many messages of a sender met with an outcome on a day; see the table's columns. */
export type Fact = Tables['day_count']

const COLUMNS = {
  service_id: 'integer',
  day: 'text',
  sender: 'text',
  outcome: 'text',
  list_id: 'integer',
  count: 'integer',
} as const
const KEY = ['service_id', 'day', 'sender', 'outcome', 'list_id'] as const

/**
 * Adds rows to the counters. `rows` is a select of service_id, day, sender, outcome, list_id and count, in this order and
 * each key once; it has a `where`, without which SQLite reads `on conflict` as a join's `on` (its documentation, "parsing
 * ambiguity").
 */
export function addCounts({ query }: Pick<Database, 'query'>, rows: Expression<unknown>): Compilable {
  return query
    .insertInto('day_count')
    .columns([...KEY, 'count'])
    .expression(rows)
    .onConflict((oc) =>
      oc
        .columns([...KEY])
        .doUpdateSet((eb) => ({ count: eb('day_count.count', '+', eb.ref('excluded.count')) })),
    )
}

/**
 * The statement that adds facts to the counters, for the transaction that makes them true. Facts of one key are summed,
 * and keys are sorted, so that processes take their locks in one order.
 */
export function factCounter(database: Database): (facts: readonly Fact[]) => Compilable[] {
  const count = prepareRows(database, 'given', COLUMNS, (given) =>
    addCounts(database, database.query.selectFrom(given).selectAll().where(sql<boolean>`1 = 1`)),
  )
  return (facts) => (facts.length === 0 ? [] : [count(summed(facts))])
}

/** The statement that counts what came back about a message, under the sender of its delivery. */
export function countAbout(
  database: Pick<Database, 'query'>,
  { bucket, id }: Pick<Tables['message'], 'bucket' | 'id'>,
  { day, outcome }: Pick<Fact, 'day' | 'outcome'>,
  /** Nothing is counted unless this holds. */
  when: RawBuilder<boolean> = sql`1 = 1`,
): Compilable {
  return addCounts(
    database,
    database.query
      .selectFrom('message as m')
      .innerJoin('delivery as d', 'd.id', 'm.delivery_id')
      .select([
        'm.service_id',
        sql<string>`cast(${day} as text)`.as('day'),
        'd.sender_key',
        sql<string>`cast(${outcome} as text)`.as('outcome'),
        sql<number>`0`.as('list_id'),
        sql<number>`1`.as('count'),
      ])
      .where('m.bucket', '=', bucket)
      .where('m.id', '=', id)
      .where(when),
  )
}

function summed(facts: readonly Fact[]): Fact[] {
  const sums = new Map<string, Fact>()
  for (const fact of facts) {
    const key = JSON.stringify(KEY.map((column) => fact[column]))
    const sum = sums.get(key)
    if (sum) sum.count += fact.count
    else sums.set(key, { ...fact })
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact)
}
