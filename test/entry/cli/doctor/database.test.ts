import assert from 'node:assert/strict'
import { it } from 'node:test'
import { clockCheck } from '../../../../src/entry/cli/doctor/clock.ts'
import { databaseCheck } from '../../../../src/entry/cli/doctor/database.ts'
import { DAY_MS, systemClock } from '../../../../src/kernel/clock.ts'
import { Keyring } from '../../../../src/kernel/keyring.ts'
import { registerSecretKeys } from '../../../../src/storage/secret-keys.ts'
import { forEachEngine } from '../../../support/engines.ts'

forEachEngine((engine) => {
  it('names engine, version and schema and the time of a commit, and leaves nothing behind', async (t) => {
    const database = await engine.open(t)
    const [finding] = [await databaseCheck({ database }).run()].flat()
    assert.notEqual(finding?.status, 'failed')
    assert.match(
      finding?.detail ?? '',
      new RegExp(`^${engine.name} \\d+\\.\\d+\\S*, schema \\d+, a commit took \\d`),
    )
    assert.deepEqual(await database.read(database.query.selectFrom('lease').selectAll()), [])
  })

  it('has failed when the database is away', async (t) => {
    const database = await engine.open(t)
    await database.close()
    const [finding] = [await databaseCheck({ database }).run()].flat()
    assert.equal(finding?.status, 'failed')
    assert.match(finding?.advice ?? '', /journal/)
  })

  it('compares the clock with the database', async (t) => {
    const database = await engine.open(t)
    await registerSecretKeys(database, new Keyring([{ id: 'a', bytes: Buffer.alloc(32) }]), Date.now())
    const check = async (clock: () => number) =>
      [await clockCheck({ database, clock }).run()].flat()[0]?.status
    assert.equal(await check(systemClock), 'ok')
    assert.equal(await check(() => Date.now() - DAY_MS), 'failed')
    const ahead = await check(() => Date.now() + 60_000)
    assert.equal(ahead, engine.name === 'postgres' ? 'warning' : 'ok')
  })
})
