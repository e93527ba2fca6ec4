import { type AliasedExpression, type Compilable, type RawBuilder, sql } from 'kysely'
import type { ColumnKind } from './cells.ts'
import type { Database } from './database.ts'

type ValueOf<K extends ColumnKind> = (K extends 'text' ? string : number) | null

export type RowOf<C extends Record<string, ColumnKind>> = { [N in keyof C]: ValueOf<C[N]> }

export type RowSet<C extends Record<string, ColumnKind>, A extends string> = AliasedExpression<RowOf<C>, A>

type Columns = Record<string, ColumnKind>

/**
 * Rows handed to the database as one parameter per column (PostgreSQL) or one in all (SQLite), to be read like a table:
 * the one place where the engines' bulk statements differ.
 *
 * Contract: text holds no NUL and no lone surrogate (PostgreSQL cannot store them), integers are safe, booleans come as
 * 0 and 1. A breach is a bug of the caller and throws RangeError.
 */
export function rowSet<const C extends Columns, const A extends string>(
  database: Pick<Database, 'engine'>,
  alias: A,
  columns: C,
  rows: readonly RowOf<C>[],
): RowSet<C, A> {
  return expression(database, alias, columns, parametersOf(database, columns, rows))
}

/** For casts: PostgreSQL would take a parameter that stands alone for text. */
export function columnType(kind: ColumnKind): RawBuilder<unknown> {
  return sql.raw(kind === 'integer' ? 'bigint' : 'text')
}

/**
 * A statement over a row set, built once for any rows: building and compiling it costs more than running it with a few
 * rows. The contract of `rowSet` holds for the rows.
 */
export function prepareRows<const C extends Columns, const A extends string, O>(
  database: Pick<Database, 'engine'>,
  alias: A,
  columns: C,
  build: (given: RowSet<C, A>) => Compilable<O>,
): (rows: readonly RowOf<C>[]) => Compilable<O> {
  const slots = parametersOf(database, columns, []).map((_, index) => new Slot(index))
  const { parameters, ...compiled } = build(expression(database, alias, columns, slots)).compile()
  return (rows) => {
    const values = parametersOf(database, columns, rows)
    const filled = parameters.map((value) => (value instanceof Slot ? values[value.index] : value))
    return { compile: () => ({ ...compiled, parameters: filled }) }
  }
}

/** Holds the place of a row set's parameter in a statement that is written once. */
class Slot {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

function parametersOf<C extends Columns>(
  { engine }: Pick<Database, 'engine'>,
  columns: C,
  rows: readonly RowOf<C>[],
): unknown[] {
  const names = Object.keys(columns)
  for (const name of names) checkColumn(name, columns[name] as ColumnKind, rows)
  if (engine === 'sqlite') {
    const [only, another] = names
    if (only !== undefined && another === undefined) return [JSON.stringify(rows.map((row) => row[only]))]
    return [JSON.stringify(rows.map((row) => names.map((name) => row[name])))]
  }
  return names.map((name) => rows.map((row) => row[name]))
}

function expression<C extends Columns, A extends string>(
  { engine }: Pick<Database, 'engine'>,
  alias: A,
  columns: C,
  parameters: readonly unknown[],
): RowSet<C, A> {
  const body = engine === 'sqlite' ? fromJson(columns, parameters) : fromArrays(columns, parameters)
  return sql<RowOf<C>>`(${body})`.as(alias)
}

function fromJson(columns: Columns, [json]: readonly unknown[]) {
  const names = Object.keys(columns)
  const [only, another] = names
  // A single column needs no array per row, which SQLite would have to parse as JSON once more.
  if (only !== undefined && another === undefined) {
    return sql`select value as ${sql.ref(only)} from json_each(${json})`
  }
  const cells = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`)
  return sql`select ${sql.join(cells)} from json_each(${json})`
}

function fromArrays(columns: Columns, parameters: readonly unknown[]) {
  const names = Object.keys(columns)
  const arrays = names.map((name, index) => {
    return sql`${parameters[index]}::${columnType(columns[name] as ColumnKind)}[]`
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
