import { DatabaseSync } from 'node:sqlite'
import Fastify from 'fastify'
import pg from 'pg'

/**
 * The obvious first version: one insert of one row and its commit for each POST, with nothing verified and no event.
 */
const { PORT, FILE, DATABASE_URL } = process.env
const table = 'create table if not exists stop (path text primary key, requested_at bigint not null)'
const insert = DATABASE_URL ? await inPostgres(DATABASE_URL) : inSqlite(FILE ?? ':memory:')

const app = Fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, body),
)
app.get('/healthz', async () => 'ok')
app.post('/*', async (request) => {
  await insert(request.url, Date.now())
  return 'ok'
})
await app.listen({ host: '127.0.0.1', port: Number(PORT) })
process.once('SIGTERM', () => void app.close())

function inSqlite(file: string) {
  const connection = new DatabaseSync(file)
  connection.exec(`pragma journal_mode = wal; pragma synchronous = full; ${table}`)
  const statement = connection.prepare('insert into stop values (?, ?) on conflict do nothing')
  return async (path: string, time: number) => void statement.run(path, time)
}

async function inPostgres(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  await pool.query(table)
  return async (path: string, time: number) =>
    void (await pool.query({
      name: 'insert',
      text: 'insert into stop values ($1, $2) on conflict do nothing',
      values: [path, time],
    }))
}
