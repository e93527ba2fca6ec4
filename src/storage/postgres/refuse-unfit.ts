import type pg from 'pg'
import { DatabaseUnavailable } from '../database-errors.ts'

/** Its predecessor does not tell which parameters a role may set. */
const OLDEST = 15
const ENCODING = 'UTF8'

/**
 * Whatever else answers, now or after a failover, would take the schema and refuse addresses later. Rejects with
 * DatabaseUnavailable.
 */
export async function refuseUnfit(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `select current_setting('server_version') as version, current_setting('server_encoding') as encoding`,
  )
  const { version = '', encoding = '' } = rows[0] ?? {}
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new DatabaseUnavailable(`it is PostgreSQL ${version}, and Kaijo needs ${OLDEST} or newer`)
  }
  if (encoding !== ENCODING) {
    throw new DatabaseUnavailable(`its encoding is ${encoding}, and Kaijo needs ${ENCODING}`)
  }
}
