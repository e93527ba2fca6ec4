import { type Compilable, sql } from 'kysely'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import { type Check, failed, ok, warning } from './check.ts'

const NAME = 'clock'
const MOST_DRIFT_MS = 5_000
const SET_IT = 'Have the clock set by NTP: lifetimes, retries and the order of events follow it.'

/** This machine's clock against the database server's, and against what is stored already. */
export function clockCheck({ database, clock }: { database: Database; clock: Clock }): Check {
  return {
    name: NAME,
    run: async () => {
      const now = clock()
      const written = await newestTime(database)
      if (written > now + MOST_DRIFT_MS) {
        return failed(NAME, `${isoOf(now)}, but there are keys made at ${isoOf(written)}`, SET_IT)
      }
      if (database.engine === 'sqlite') return ok(NAME, isoOf(now))
      const drift = Math.abs((await serverTime(database)) - now)
      const detail = `${isoOf(now)}, ${(drift / 1_000).toFixed(1)} s from the database server's`
      return drift > MOST_DRIFT_MS ? warning(NAME, detail, SET_IT) : ok(NAME, detail)
    },
  }
}

async function newestTime(database: Database): Promise<number> {
  const newest = database.query.selectFrom('secret_key').select(({ fn }) => fn.max('created_at').as('at'))
  const [row] = await database.read(newest)
  return row?.at ?? 0
}

async function serverTime(database: Database): Promise<number> {
  const text = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now'
  const statement: Compilable<{ now: number }> = {
    compile: () => sql.raw<{ now: number }>(text).compile(database.query),
  }
  const [row] = await database.read(statement)
  return row?.now ?? 0
}

function isoOf(time: number): string {
  return new Date(time).toISOString()
}
