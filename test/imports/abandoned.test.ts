import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { startImportJob } from '../../src/imports/applying/import-job.ts'
import type { ImportTable } from '../../src/storage/import-tables.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { NOBODY_ERASED } from '../../src/suppression/erased/erased.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.parse('2026-11-21T00:30:00Z')

const ABANDONED: ImportTable = {
  ...{ id: 1, service_id: 10, list_id: 7, list_name: 'blocklist', action: 'add', reason: 'blocked' },
  ...{ dry_run: 0, state: 'receiving', file_name: null, bytes: 20, sha256: 'ab', encoding: 'utf-8' },
  ...{
    format: null,
    rows_read: 1,
    skipped: 0,
    repeated: 0,
    recipients: 1,
    lapsed: 0,
    chunks: 1,
    claim: null,
  },
  ...{ sample_json: '[]', created_by: 'api:admin' },
  ...{ kept: 1, masked: 0 },
  ...{ created_at: NOW, started_at: null, finished_at: null, undone_at: null, error: null },
}

it('what a process left behind that died is taken away, however often that breaks off', async (t) => {
  const database = await openDatabase({ kind: 'sqlite', file: `${tempDir(t)}/kaijo.sqlite` })
  await migrate(database)
  const run = (statement: string) =>
    database.transact([{ compile: () => sql.raw(statement).compile(database.query) }])
  const chunk = { import_id: 1, number: 0, recipients: 1, rows_json: '[]' }
  await database.transact([
    database.query.insertInto('import').values(ABANDONED),
    database.query.insertInto('import_chunk').values(chunk),
  ])
  await run(`create trigger no_room before delete on import_chunk begin select raise(abort, 'no room'); end`)

  const errors: unknown[] = []
  const job = startImportJob({
    ...{ database, clock: () => NOW, erased: NOBODY_ERASED },
    onError: (error) => errors.push(error),
  })
  t.after(async () => {
    await job.stop()
    await database.close()
  })
  const left = () => database.read(database.query.selectFrom('import').select('state'))
  while (errors.length === 0) await sleep(20)
  assert.deepEqual(await left(), [{ state: 'receiving' }])

  await run('drop trigger no_room')
  while ((await left()).length > 0) await sleep(20)
  assert.deepEqual(await database.read(database.query.selectFrom('import_chunk').select('number')), [])
})
