import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { applyChunk } from '../../src/imports/applying/apply-chunk.ts'
import { findParts } from '../../src/imports/applying/import-part.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startMigratedPostgres } from '../support/postgres.ts'
import { someService } from '../tenants/some-service.ts'

const AT = Date.parse('2026-11-21T00:30:00Z')
const PEOPLE = ['a@example.jp', 'b@example.jp', 'c@example.jp']

it('a request that is recorded while a chunk is applied counts as itself, and the chunk goes on', async (t) => {
  const { url, stop } = await startMigratedPostgres()
  const database = await openDatabase({ kind: 'postgres', url })
  const rival = new pg.Client({ connectionString: url })
  await rival.connect()
  t.after(async () => {
    await rival.end()
    await database.close()
    await stop()
  })
  const { service } = await someService(database)
  const [list] = await database.read(
    database.query.selectFrom('list').select('id').where('service_id', '=', service.id).limit(1),
  )
  const listId = list?.id as number
  await database.transact([
    database.query.insertInto('import').values({
      ...{ id: 1, service_id: service.id, list_id: listId, list_name: 'blocklist', action: 'add' },
      ...{ reason: 'blocked', dry_run: 0, state: 'queued', file_name: 'list.csv', bytes: 1, sha256: '00' },
      ...{
        encoding: 'utf-8',
        format: null,
        rows_read: 3,
        skipped: 0,
        repeated: 0,
        recipients: 3,
        lapsed: 0,
        chunks: 1,
      },
      ...{
        claim: null,
        sample_json: '[]',
        created_by: 'somebody',
        created_at: AT,
        started_at: null,
        finished_at: null,
        undone_at: null,
      },
      ...{ error: null, kept: 1, masked: 1 },
    }),
    database.query.insertInto('import_part').values({
      ...{ import_id: 1, first_chunk: 0, chunks: 1, list_id: listId, list_name: 'blocklist', recipients: 3 },
      ...{ next_chunk: 0, is_open: 1, claim: null, applied: 0, changed: 0, undone: 0 },
    }),
    database.query.insertInto('import_chunk').values({
      ...{ import_id: 1, number: 0, recipients: 3, rows_json: JSON.stringify(PEOPLE.map((key) => [key])) },
    }),
  ])
  const [row] = await database.read(database.query.selectFrom('import').selectAll())
  const [part] = await findParts(database, [1])
  assert.ok(row && part)

  // Recorded, and not yet committed: the chunk cannot see it and has to wait for it.
  await rival.query('begin')
  await rival.query(
    `insert into suppression (address_key, list_id, address, active, since, requested_at, removed, reason, source, revision)
     values ('b@example.jp', $1, 'b@example.jp', 1, $2, $2, 0, 'unsubscribed', 'one-click', $2)`,
    [listId, AT + 1],
  )
  const applying = applyChunk(database, row, part, AT + 2)
  while (!(await waits(rival))) await sleep(10)
  await rival.query('commit')
  await applying

  const listed = await database.read(
    database.query.selectFrom('suppression').select(['address_key', 'reason']).orderBy('address_key'),
  )
  assert.deepEqual(
    listed.map(({ address_key, reason }) => [address_key, reason]),
    [
      ['a@example.jp', 'blocked'],
      ['b@example.jp', 'unsubscribed'],
      ['c@example.jp', 'blocked'],
    ],
  )
  const events = await database.read(
    database.query.selectFrom('event').select('address_key').orderBy('address_key'),
  )
  assert.deepEqual(
    events.map((event) => event.address_key),
    ['a@example.jp', 'c@example.jp'],
  )
  const [done] = await database.read(database.query.selectFrom('import_part').select(['applied', 'changed']))
  assert.deepEqual({ ...done }, { applied: 3, changed: 2 })
})

/** Whether somebody waits for what the rival has not committed. */
async function waits(rival: pg.Client): Promise<boolean> {
  const { rows } = await rival.query(`select 1 from pg_locks where not granted and pid <> pg_backend_pid()`)
  return rows.length > 0
}
