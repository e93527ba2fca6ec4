import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { migrate, newest } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  it('makes the schema once and changes nothing when it is there', async (t) => {
    const database = await openDatabase(await engine.target(t))
    try {
      const first = await migrate(database)
      assert.equal(first.applied[0], 'foundation')
      assert.equal(first.applied.length, first.version)
      assert.equal(await newest(database), first.version)
      await database.transact([database.query.insertInto('site').values({ id: 1, name: 'a', created_at: 0 })])

      assert.deepEqual(await migrate(database), { applied: [], version: first.version })
      assert.equal((await database.read(database.query.selectFrom('site').select('id'))).length, 1)
    } finally {
      await database.close()
    }
  })

  it('lets one of several processes migrate while the others wait for it', async (t) => {
    const target = await engine.target(t)
    const databases = []
    for (let i = 0; i < 4; i++) databases.push(await openDatabase(target))
    try {
      const reports = await Promise.all(databases.map((database) => migrate(database)))
      const version = reports[0]?.version ?? 0
      assert.deepEqual(
        reports.map((report) => report.version),
        reports.map(() => version),
      )
      assert.equal(reports.flatMap(({ applied }) => applied).length, version)
    } finally {
      for (const database of databases) await database.close()
    }
  })

  it('refuses a database that a newer release has migrated', async (t) => {
    const database = await engine.open(t)
    const known = await newest(database)
    const newer = { id: known + 1, name: 'from-the-future', applied_at: 0 }
    await database.transact([database.query.insertInto('schema_migration').values(newer)])
    await assert.rejects(migrate(database), new RegExp(`schema ${known + 1}, this release knows ${known}`))
  })

  it('applies a migration whole or not at all', async (t) => {
    const database = await openDatabase(await engine.target(t))
    try {
      // In the way of the schema's last table.
      await database.transact([
        { compile: () => sql.raw('create table audit_entry (a int)').compile(database.query) },
      ])
      await assert.rejects(migrate(database), /audit_entry/)
      assert.equal(await newest(database), 0)
      await assert.rejects(database.read(database.query.selectFrom('site').select('id')), /site/)

      await database.transact([{ compile: () => sql.raw('drop table audit_entry').compile(database.query) }])
      assert.equal((await migrate(database)).applied[0], 'foundation')
    } finally {
      await database.close()
    }
  })
})
