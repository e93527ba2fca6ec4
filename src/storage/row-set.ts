import { type AliasedExpression, sql } from 'kysely'
import type { Database } from './database.ts'

export type ColumnKind = 'text' | 'integer'

type ValueOf<K extends ColumnKind> = (K extends 'text' ? string : number) | null

export type RowOf<C extends Record<string, ColumnKind>> = { [N in keyof C]: ValueOf<C[N]> }

/** Names the columns of a row set, widened by hand where a column is never null. */
export type RowSet<C extends Record<string, ColumnKind>, A extends string> = AliasedExpression<RowOf<C>, A>

/**
 * Rows handed to the database as one parameter per column (PostgreSQL) or one in all (SQLite), to be read like a
 * table: the one place where the engines' bulk statements differ.
 *
 * Contract: text holds no NUL and no lone surrogate (PostgreSQL cannot store them), integers are safe, booleans come as 0 and 1.
 * A breach is a bug of the caller and throws RangeError.
 */
export function rowSet<const C extends Record<string, ColumnKind>, const A extends string>(
  database: Pick<Database, 'engine'>,
  alias: A,
  columns: C,
  rows: readonly RowOf<C>[],
): RowSet<C, A> {
  const names = Object.keys(columns)
  for (const name of names) checkColumn(name, columns[name] as ColumnKind, rows)
  const body = database.engine === 'sqlite' ? asJson(names, rows) : asArrays(names, columns, rows)
  return sql<RowOf<C>>`(${body})`.as(alias)
}

function asJson(names: string[], rows: readonly Record<string, unknown>[]) {
  const cells = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`)
  const json = JSON.stringify(rows.map((row) => names.map((name) => row[name])))
  return sql`select ${sql.join(cells)} from json_each(${json})`
}

function asArrays(
  names: string[],
  columns: Record<string, ColumnKind>,
  rows: readonly Record<string, unknown>[],
) {
  const arrays = names.map((name) => {
    const type = sql.raw(columns[name] === 'integer' ? 'bigint[]' : 'text[]')
    return sql`${rows.map((row) => row[name])}::${type}`
  })
  return sql`select * from unnest(${sql.join(arrays)}) as u(${sql.join(names.map((name) => sql.ref(name)))})`
}

function checkColumn(name: string, kind: ColumnKind, rows: readonly Record<string, unknown>[]): void {
  for (const row of rows) {
    const value = row[name]
    if (value === null) continue
    const fits = kind === 'integer' ? Number.isSafeInteger(value) : isStorableText(value)
    if (!fits) throw new RangeError(`row set: column ${name} holds a value that is no ${kind}`)
  }
}

/** Text that both engines can store: a string without NUL and without lone surrogates. */
export function isStorableText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
}
