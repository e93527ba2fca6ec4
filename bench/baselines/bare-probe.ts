import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

/*
 * The least that can tell which addresses of a file are on a list: reads them, looks up a batch in one statement,
 * counts the hits. A process of its own, as the command is:
 *   bare-probe.ts FILE      with DATABASE (an SQLite file) or DATABASE_URL
 */
const KEYS_PER_PROBE = 10_000
const { DATABASE, DATABASE_URL } = process.env
const COLUMNS = 's.address_key, s.list_id, s.since, s.requested_at, s.expires_at, s.reason'
const probe = DATABASE_URL ? await inPostgres(DATABASE_URL) : inSqlite(DATABASE ?? '')

let keys: string[] = []
let listed = 0
for await (const line of createInterface(createReadStream(process.argv[2] ?? ''))) {
  keys.push(line.toLowerCase())
  if (keys.length < KEYS_PER_PROBE) continue
  listed += (await probe.find(keys)).length
  keys = []
}
listed += (await probe.find(keys)).length
await probe.close()
console.log(listed)

function inSqlite(file: string) {
  const connection = new DatabaseSync(file, { readOnly: true })
  connection.exec('pragma cache_size = -16384')
  const statement = connection.prepare(`select ${COLUMNS} from json_each(?) as w
    cross join suppression as s where s.address_key = w.value and s.active = 1`)
  return {
    find: async (wanted: string[]) => statement.all(JSON.stringify(wanted)),
    close: async () => connection.close(),
  }
}

async function inPostgres(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off')
  const text = `select ${COLUMNS} from unnest($1::text[]) as w(address_key)
    join suppression as s on s.address_key = w.address_key where s.active = 1`
  return {
    find: async (wanted: string[]) => (await client.query({ name: 'probe', text, values: [wanted] })).rows,
    close: () => client.end(),
  }
}
