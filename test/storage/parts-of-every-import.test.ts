import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { findImports } from '../../src/imports/import-view.ts'
import { MIGRATIONS, migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { forEachEngine } from '../support/engines.ts'

/** As schema 22 has it: how far an import has come stands on itself, and those for several lists alone have parts. */
const IMPORTS = [
  {
    id: 1,
    list: 'blocklist',
    state: 'done',
    recipients: 30,
    chunks: 3,
    next: 3,
    applied: 30,
    changed: 20,
    undone: 0,
  },
  {
    id: 2,
    list: 'blocklist',
    state: 'running',
    recipients: 30,
    chunks: 3,
    next: 2,
    applied: 20,
    changed: 15,
    undone: 0,
  },
  {
    id: 3,
    list: 'blocklist',
    state: 'undoing',
    recipients: 30,
    chunks: 3,
    next: 1,
    applied: 20,
    changed: 18,
    undone: 9,
  },
  {
    id: 4,
    list: 'blocklist',
    state: 'done',
    recipients: 0,
    chunks: 0,
    next: 0,
    applied: 0,
    changed: 0,
    undone: 0,
  },
  {
    id: 5,
    list: 'auto',
    state: 'running',
    recipients: 30,
    chunks: 3,
    next: 2,
    applied: 20,
    changed: 13,
    undone: 0,
  },
  {
    id: 6,
    list: 'auto',
    state: 'cancelled',
    recipients: 30,
    chunks: 3,
    next: 2,
    applied: 20,
    changed: 13,
    undone: 0,
  },
] as const

const PARTS = [5, 6].flatMap((id) => [
  `insert into import_part values (${id}, 0, 1, 71, 'hard-bounces', 10, 8, 0)`,
  `insert into import_part values (${id}, 1, 2, 72, 'complaints', 20, 5, 0)`,
])

forEachEngine((engine) => {
  it('what an earlier release knew of its imports is known of their parts', async (t) => {
    const database = await openDatabase(await engine.target(t))
    t.after(() => database.close())
    const run = (statements: readonly string[]) =>
      database.transact(statements.map((text) => ({ compile: () => sql.raw(text).compile(database.query) })))
    await migrate(database, MIGRATIONS.slice(0, 22))
    await run([
      ...IMPORTS.map(
        ({ id, list, state, recipients, chunks, next, applied, changed, undone }) =>
          `insert into import (id, service_id, list_id, list_name, action, reason, dry_run, state, sha256, bytes, encoding,
            rows_read, skipped, repeated, recipients, chunks, next_chunk, applied, changed, undone, sample_json, created_by,
            created_at, kept, masked)
          values (${id}, 10, ${list === 'auto' ? 0 : 7 + id}, '${list}', 'add', 'listed', 0, '${state}', 'sha${id}', 1, 'utf-8',
            ${recipients}, 0, 0, ${recipients}, ${chunks}, ${next}, ${applied}, ${changed}, ${undone}, '[]', 'test', 1, 1, 1)`,
      ),
      ...PARTS,
    ])
    const { applied } = await migrate(database)
    assert.equal(applied[0], 'parts-of-every-import')

    const views = await findImports(database, 10, { before: undefined, limit: 10, now: 2 })
    assert.deepEqual(
      views.map(({ id, rows, undo, lists }) => [
        ...[id, rows.applied, rows.changed, undo?.undone],
        lists.map(({ list, recipients, changed }) => `${list} ${recipients} ${changed}`),
      ]),
      [
        [6, 20, 13, undefined, ['hard-bounces 10 8', 'complaints 20 5']],
        [5, 20, 13, undefined, ['hard-bounces 10 8', 'complaints 20 5']],
        [4, 0, 0, undefined, ['blocklist 0 0']],
        [3, 20, 18, 9, ['blocklist 30 18']],
        [2, 20, 15, undefined, ['blocklist 30 15']],
        [1, 30, 20, undefined, ['blocklist 30 20']],
      ],
    )
    const parts = await database.read(
      database.query
        .selectFrom('import_part')
        .select(['import_id', 'first_chunk', 'next_chunk', 'is_open', 'applied'])
        .orderBy('import_id')
        .orderBy('first_chunk'),
    )
    assert.deepEqual(
      parts.map((part) => Object.values(part)),
      [
        [1, 0, 3, 0, 30],
        [2, 0, 2, 1, 20],
        [3, 0, 1, 1, 20],
        [5, 0, 1, 1, 10],
        [5, 1, 2, 1, 10],
        [6, 0, 1, 0, 10],
        [6, 1, 2, 0, 10],
      ],
    )
  })
})
