import { createHash } from 'node:crypto'
import type { Compilable } from 'kysely'
import pg from 'pg'
import { maskUrl } from '../../kernel/mask-url.ts'
import { compilerFor } from '../compiler.ts'
import type { Commit, Database, Reader, Results } from '../database.ts'
import { DatabaseUnavailable } from '../database-errors.ts'
import { connect, MOST_CONNECTIONS } from './connect.ts'
import { isRetryable, toDatabaseError } from './postgres-errors.ts'
import { copyCells } from './read-cells.ts'
import { refuseUnfit } from './refuse-unfit.ts'

const INT8 = 20
const MOST_ATTEMPTS = 3

/*
 * Our bulk statements probe big tables by key from a small row set whose size the planner cannot see. Left alone it
 * once chose to scan the whole list, and a plan made while a table was still empty would scan it for ever: with hash
 * joins, merge joins and scans discouraged it seeks. Before version 18 a scan that cannot be avoided is charged so much
 * for it that PostgreSQL compiles the statement to machine code first.
 *
 * The rest is what our statements are written for, whatever the database or the role has for its defaults.
 */
const SESSION = `set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off;
  set plan_cache_mode = force_generic_plan; set jit = off;
  set default_transaction_isolation = 'read committed'; set standard_conforming_strings = on; set array_nulls = on;
  set timezone = 'UTC'; set statement_timeout = '60s'; set lock_timeout = '30s';
  set log_parameter_max_length_on_error = 0`

/*
 * A backup keeps its transaction for as long as the disk takes, and a pooled connection rests until it is used again.
 * Not every version has all of them.
 */
const NO_OTHER_TIMEOUTS = `select set_config(name, '0', false)
  from (values ('idle_in_transaction_session_timeout'), ('idle_session_timeout'), ('transaction_timeout')) as wanted (name)
  where current_setting(name, true) is not null`

/*
 * PostgreSQL's own log names the key of a row that is there already, and statements that failed with the texts that
 * stand in them: addresses. Only superusers may change that, and roles that were granted it (`docs/operating.md`);
 * asking for more than one may have would be an error in the same log.
 */
const QUIET_LOG = `select set_config(name, value, false)
  from (values ('log_error_verbosity', 'terse'), ('log_min_error_statement', 'panic'), ('log_parameter_max_length', '0'))
    as wanted (name, value)
  where has_parameter_privilege(name, 'set')`

/** Opens PostgreSQL 15 or newer. Any number of processes may share it. Rejects with DatabaseUnavailable. */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    application_name: 'kaijo',
    types: { getTypeParser: parserFor as typeof pg.types.getTypeParser },
    onConnect: async (client: pg.ClientBase) => {
      await refuseUnfit(client)
      await client.query(`${SESSION}; ${NO_OTHER_TIMEOUTS}; ${QUIET_LOG}`)
    },
  } as pg.PoolConfig)
  // An idle connection that breaks is replaced at the next use; without this listener its error would end the process.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw cannotOpen(url, error as NodeJS.ErrnoException)
  }

  const underWay = new Set<Promise<unknown>>()
  let transactions = 0
  let closed: Promise<void> | undefined
  const admit = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw new DatabaseUnavailable('the database is closed')
    const working = work()
    underWay.add(working)
    try {
      return await working
    } finally {
      underWay.delete(working)
    }
  }
  return {
    engine: 'postgres',
    query: compilerFor('postgres'),
    waiting: () => transactions,
    read: (statement) => admit(() => using(pool, (client) => run(client, statement))),
    readCells: (async (select, columns) =>
      admit(() =>
        using(pool, (client) => copyCells(client, select.compile(), columns)),
      )) as Database['readCells'],
    transact: async <const S extends readonly Compilable[]>(statements: S, commit?: Commit) => {
      transactions++
      try {
        return (await admit(() =>
          retried(() => using(pool, (client) => inTransaction(client, statements, commit))),
        )) as Results<S>
      } finally {
        transactions--
      }
    },
    snapshot: (work) => admit(() => using(pool, (client) => inSnapshot(client, work))),
    // Ending the pool would strand whoever still waits for a connection.
    close: () => {
      closed ??= Promise.allSettled(underWay).then(() => pool.end())
      return closed
    },
  }
}

/** For whoever set it: whatever is wrong, at the start the setting is the first suspect. */
function cannotOpen(url: string, error: NodeJS.ErrnoException): DatabaseUnavailable {
  // A host of several addresses fails with a code alone.
  const reason = error.message || error.code
  return new DatabaseUnavailable(`KAIJO_DATABASE_URL: ${maskUrl(url)} cannot be opened (${reason})`, {
    cause: error,
  })
}

function parserFor(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')
}

async function using<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient
  try {
    client = await connect(pool)
  } catch (error) {
    throw toDatabaseError(error)
  }
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    return await work(client)
  } catch (error) {
    const mapped = toDatabaseError(error)
    if (mapped.name === 'DatabaseUnavailable') broken ??= mapped
    throw mapped
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

const names = new Map<string, string>()

/** A statement's text always has the same name, so each connection parses and plans it once. */
function nameOf(sql: string): string {
  let name = names.get(sql)
  if (!name) {
    name = `k${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
    names.set(sql, name)
  }
  return name
}

async function run<R>(client: pg.ClientBase, statement: Compilable<R>): Promise<R[]> {
  const { sql, parameters } = statement.compile()
  const { rows } = await client.query({ name: nameOf(sql), text: sql, values: parameters as unknown[] })
  return rows as R[]
}

async function inTransaction(
  client: pg.ClientBase,
  statements: readonly Compilable[],
  { flush }: Commit = { flush: 'now' },
): Promise<unknown[][]> {
  const [only] = statements
  if (only && statements.length === 1 && flush === 'now') return [await run(client, only)]
  await client.query(flush === 'later' ? 'begin; set local synchronous_commit = off' : 'begin')
  try {
    const results: unknown[][] = []
    for (const statement of statements) results.push(await run(client, statement))
    await client.query('commit')
    return results
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

async function inSnapshot<T>(client: pg.ClientBase, work: (reader: Reader) => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  try {
    return await work({ read: (statement) => run(client, statement) })
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

/**
 * Repeats after deadlocks and serialisation failures: they undo the whole transaction, so it can be handed over again.
 */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt()
    } catch (error) {
      if (count >= MOST_ATTEMPTS || !isRetryable(error)) throw error
    }
  }
}
