import { type Compilable, sql } from 'kysely'
import type { Database } from '../../../storage/database.ts'
import { newest } from '../../../storage/migrate.ts'
import { type Check, failed, ok, reasonOf, warning } from './check.ts'

const NAME = 'database'
const SLOW_MS = 200
const OLDEST_POSTGRES = 15
const NEWEST_POSTGRES = 18
const PROBE = 'doctor'

/** Engine, version and schema; and that a transaction can be committed, and how long that takes. */
export function databaseCheck({ database }: { database: Database }): Check {
  return {
    name: NAME,
    run: async () => {
      try {
        const version = await versionOf(database)
        const schema = await newest(database)
        const commit = await commitMilliseconds(database)
        const detail = `${database.engine} ${version}, schema ${schema}, a commit took ${commit.toFixed(1)} ms`
        if (database.engine === 'postgres' && !isSupported(version)) {
          const range = `${OLDEST_POSTGRES} to ${NEWEST_POSTGRES}`
          return warning(NAME, detail, `Kaijo is tested with PostgreSQL ${range}.`)
        }
        if (commit < SLOW_MS) return ok(NAME, detail)
        return warning(
          NAME,
          detail,
          'Each request waits for a commit: look at the disk and the network to it.',
        )
      } catch (error) {
        const advice =
          'Requests to stop are kept in the journal until it can be written; no mail is sent meanwhile.'
        return failed(NAME, `${database.engine} cannot be read and written (${reasonOf(error)})`, advice)
      }
    },
  }
}

async function versionOf(database: Database): Promise<string> {
  const text =
    database.engine === 'sqlite'
      ? 'select sqlite_version() as version'
      : `select current_setting('server_version') as version`
  const statement: Compilable<{ version: string }> = {
    compile: () => sql.raw<{ version: string }>(text).compile(database.query),
  }
  const [row] = await database.read(statement)
  return row?.version ?? 'unknown'
}

function isSupported(version: string): boolean {
  const major = Number.parseInt(version, 10)
  return major >= OLDEST_POSTGRES && major <= NEWEST_POSTGRES
}

/** How long a commit takes, by writing a row that nobody uses and removing it again. */
async function commitMilliseconds(database: Database): Promise<number> {
  const { query } = database
  const started = performance.now()
  await database.transact([
    query
      .insertInto('lease')
      .values({ name: PROBE, owner: '', epoch: 0, expires_at: 0 })
      .onConflict((oc) => oc.column('name').doNothing()),
    query.deleteFrom('lease').where('name', '=', PROBE),
  ])
  return performance.now() - started
}
