import type { Compilable } from 'kysely'
import type { Database } from '../storage/database.ts'
import { prepareRows } from '../storage/row-set.ts'
import type { Tables } from '../storage/tables.ts'

/** So many messages of a sender that met with this on this day; see the table's columns. */
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
 * The statement that adds facts to the counters, for the transaction that makes them true. Facts of one key are summed,
 * and keys are sorted, so that processes take their locks in one order.
 */
export function factCounter(database: Database): (facts: readonly Fact[]) => Compilable[] {
  const count = prepareRows(database, 'given', COLUMNS, (given) =>
    database.query
      .insertInto('day_count')
      .columns([...KEY, 'count'])
      .expression((eb) => eb.selectFrom(given).selectAll().where(eb.lit(true)) as never)
      .onConflict((oc) =>
        oc
          .columns([...KEY])
          .doUpdateSet((eb) => ({ count: eb('day_count.count', '+', eb.ref('excluded.count')) })),
      ),
  )
  return (facts) => (facts.length === 0 ? [] : [count(summed(facts))])
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
