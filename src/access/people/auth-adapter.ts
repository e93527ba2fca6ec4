import { createHash } from 'node:crypto'
import { type CleanedWhere, type CustomAdapter, createAdapterFactory } from 'better-auth/adapters'
import { type ExpressionBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'

/** The tables of the sign-in library, by its own names for them. */
export const AUTH_TABLES = {
  user: 'person',
  session: 'person_session',
  account: 'person_account',
  verification: 'person_verification',
  twoFactor: 'person_second_factor',
} as const

type AuthTable = (typeof AUTH_TABLES)[keyof typeof AUTH_TABLES]
type Row = Record<string, unknown>

/**
 * Keeps what the sign-in library (better-auth) stores in this installation's database. Times become epoch milliseconds.
 * The token of a session is stored as a hash alone: whoever reads the database cannot take a session over.
 */
export function authAdapter(database: Database) {
  return createAdapterFactory({
    config: {
      adapterId: 'kaijo',
      adapterName: 'Kaijo',
      supportsBooleans: false,
      supportsJSON: false,
      supportsDates: true,
      transaction: false,
    },
    adapter: () => customAdapter(database),
  })
}

function customAdapter(database: Database): CustomAdapter {
  const { query } = database
  const one = async <T>(rows: Promise<Row[]>, table: string, where: CleanedWhere[]): Promise<T | null> => {
    const [row] = await rows
    return row ? (fromRow(table, row, where) as T) : null
  }
  const ids = (table: string, where: CleanedWhere[]) =>
    query.selectFrom(as(table)).select('id').where(matching(table, where)).limit(1)
  const written = async (statement: { compile: Parameters<Database['transact']>[0][number]['compile'] }) => {
    const [rows] = await database.transact([statement as never])
    return rows as Row[]
  }
  return {
    create: async ({ model, data }) => {
      const [row] = await written(
        query
          .insertInto(as(model))
          .values(toRow(model, data) as never)
          .returningAll(),
      )
      return fromRow(model, row as Row, [], data) as never
    },
    findOne: ({ model, where }) =>
      one(
        database.read(
          query.selectFrom(as(model)).selectAll().where(matching(model, where)).limit(1),
        ) as Promise<Row[]>,
        model,
        where,
      ),
    findMany: async ({ model, where = [], limit, sortBy, offset }) => {
      let rows = query.selectFrom(as(model)).selectAll().where(matching(model, where)).limit(limit)
      if (sortBy) rows = rows.orderBy(sql.ref(columnOf(sortBy.field)), sortBy.direction)
      if (offset) rows = rows.offset(offset)
      const found = (await database.read(rows)) as Row[]
      return found.map((row) => fromRow(model, row, where)) as never
    },
    count: async ({ model, where = [] }) => {
      const counted = query
        .selectFrom(as(model))
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where(matching(model, where))
      const [row] = await database.read(counted)
      return row?.count ?? 0
    },
    update: ({ model, where, update }) =>
      one(
        written(
          query
            .updateTable(as(model))
            .set(toRow(model, update as Row) as never)
            .where('id', 'in', ids(model, where))
            .returningAll(),
        ),
        model,
        where,
      ),
    updateMany: async ({ model, where, update }) => {
      const rows = await written(
        query
          .updateTable(as(model))
          .set(toRow(model, update) as never)
          .where(matching(model, where))
          .returning('id'),
      )
      return rows.length
    },
    delete: async ({ model, where }) => {
      await written(query.deleteFrom(as(model)).where(matching(model, where)))
    },
    deleteMany: async ({ model, where }) => {
      const rows = await written(query.deleteFrom(as(model)).where(matching(model, where)).returning('id'))
      return rows.length
    },
    // One statement each, so that of two requests with the same code at once only one gets it.
    consumeOne: ({ model, where }) =>
      one(
        written(
          query
            .deleteFrom(as(model))
            .where('id', 'in', ids(model, where))
            .where(matching(model, where))
            .returningAll(),
        ),
        model,
        where,
      ),
    incrementOne: ({ model, where, increment, set = {} }) => {
      const counted = Object.entries(increment).map(([field, delta]) => [
        columnOf(field),
        sql`${sql.ref(columnOf(field))} + ${delta}`,
      ])
      return one(
        written(
          query
            .updateTable(as(model))
            .set({ ...toRow(model, set), ...Object.fromEntries(counted) } as never)
            .where('id', 'in', ids(model, where))
            .where(matching(model, where))
            .returningAll(),
        ),
        model,
        where,
      )
    },
  }
}

/** The tables are too different for one statement's types: what they share is `id`. */
function as(table: string): 'person' {
  return table as AuthTable as 'person'
}

function matching(table: string, where: readonly CleanedWhere[]) {
  return (eb: ExpressionBuilder<Tables, 'person'>) => {
    const conditions = where.map((condition) => ({
      either: condition.connector === 'OR',
      expression: toCondition(table, condition),
    }))
    const all = conditions.filter(({ either }) => !either).map(({ expression }) => expression)
    const any = conditions.filter(({ either }) => either).map(({ expression }) => expression)
    return eb.and([...all, ...(any.length > 0 ? [eb.or(any)] : [])])
  }
}

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function toCondition(table: string, { field, operator, value, mode }: CleanedWhere) {
  const column = sql.ref(columnOf(field))
  const stored = Array.isArray(value)
    ? value.map((item) => toColumn(table, field, item))
    : toColumn(table, field, value)
  if (operator === 'in' || operator === 'not_in') {
    const items = Array.isArray(stored) ? stored : [stored]
    if (items.length === 0) return operator === 'in' ? sql<boolean>`1 = 0` : sql<boolean>`1 = 1`
    const list = sql.join(items)
    return operator === 'in' ? sql<boolean>`${column} in (${list})` : sql<boolean>`${column} not in (${list})`
  }
  if (stored === null) {
    return operator === 'ne' ? sql<boolean>`${column} is not null` : sql<boolean>`${column} is null`
  }
  const comparison = COMPARISONS[operator as keyof typeof COMPARISONS]
  if (!comparison) throw new Error(`the sign-in compares by ${operator}, which nothing here needs`)
  if (mode === 'insensitive' && typeof stored === 'string') {
    return sql<boolean>`lower(${column}) ${sql.raw(comparison)} ${stored.toLowerCase()}`
  }
  return sql<boolean>`${column} ${sql.raw(comparison)} ${stored}`
}

/** The columns are named as the house names them. */
const COLUMNS: Record<string, string> = {
  userId: 'person_id',
  failedVerificationCount: 'failed_verifications',
}
const FIELDS = new Map(Object.entries(COLUMNS).map(([field, column]) => [column, field]))

function columnOf(field: string): string {
  return COLUMNS[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function fieldOf(column: string): string {
  return FIELDS.get(column) ?? column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function toRow(table: string, data: Row): Row {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [columnOf(field), toColumn(table, field, value)]),
  )
}

function toColumn(table: string, field: string, value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isSessionToken(table, field) && typeof value === 'string') return hashToken(value)
  return value
}

/** Gives a session back with the token by which it was asked for or made, which cannot be told from the stored hash. */
function fromRow(table: string, row: Row, where: readonly CleanedWhere[], given?: Row): Row {
  const fields = Object.entries(row).map(([column, value]) => [
    fieldOf(column),
    /_(at|until)$/.test(column) && typeof value === 'number' ? new Date(value) : value,
  ])
  const found: Row = Object.fromEntries(fields)
  if (table !== AUTH_TABLES.session) return found
  const asked = [
    given?.token,
    ...where.filter(({ field }) => field === 'token').map(({ value }) => value),
  ].flat()
  const token = asked.find((text) => typeof text === 'string' && hashToken(text) === row.token)
  return { ...found, token: token ?? row.token }
}

function isSessionToken(table: string, field: string): boolean {
  return table === AUTH_TABLES.session && field === 'token'
}

/** 32 random characters need no key and no salt. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
