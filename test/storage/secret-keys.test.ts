import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Keyring, type MasterKey } from '../../src/kernel/keyring.ts'
import type { Database } from '../../src/storage/database.ts'
import { registerSecretKeys } from '../../src/storage/secret-keys.ts'
import { forEachEngine } from '../support/engines.ts'

const OLD: MasterKey = { id: 'old1', bytes: Buffer.alloc(32, 1) }
const NEW: MasterKey = { id: 'new2', bytes: Buffer.alloc(32, 2) }

forEachEngine((engine) => {
  it('makes keys known and takes the same ones again', async (t) => {
    const database = await engine.open(t)
    await registerSecretKeys(database, new Keyring([OLD]), 1_000)
    await registerSecretKeys(database, new Keyring([NEW, OLD]), 2_000)
    await registerSecretKeys(database, new Keyring([OLD, NEW]), 3_000)
    assert.deepEqual(await known(database), [
      { id: 'new2', created_at: 2_000 },
      { id: 'old1', created_at: 1_000 },
    ])
  })

  it('refuses a process that lacks a key, and does not take its keys in', async (t) => {
    const database = await engine.open(t)
    await registerSecretKeys(database, new Keyring([OLD]), 1_000)
    await assert.rejects(
      registerSecretKeys(database, new Keyring([NEW]), 2_000),
      /missing: old1\b.*KAIJO_SECRET_KEYS/,
    )
    assert.deepEqual(await known(database), [{ id: 'old1', created_at: 1_000 }])
  })

  it('refuses a process that has another key under a known id', async (t) => {
    const database = await engine.open(t)
    await registerSecretKeys(database, new Keyring([OLD]), 1_000)
    const different = new Keyring([{ id: OLD.id, bytes: NEW.bytes }])
    await assert.rejects(registerSecretKeys(database, different, 2_000), /differ from the database's: old1\b/)
  })

  it('stores nothing from which a key could be told', async (t) => {
    const database = await engine.open(t)
    await registerSecretKeys(database, new Keyring([OLD]), 1_000)
    const stored = JSON.stringify(await database.read(database.query.selectFrom('secret_key').selectAll()))
    const { token, seal, hash } = new Keyring([OLD]).newest
    for (const secret of [OLD.bytes, token, seal, hash]) {
      for (const form of ['hex', 'base64', 'base64url'] as const)
        assert.ok(!stored.includes(secret.toString(form)))
    }
  })

  it('lets one of two processes start that come at once with different keys, and start again', async (t) => {
    const database = await engine.open(t)
    const rivals: [MasterKey, MasterKey][] = [
      [OLD, { id: OLD.id, bytes: NEW.bytes }],
      [OLD, NEW],
    ]
    for (const rival of rivals) {
      await database.transact([database.query.deleteFrom('secret_key')])
      const start = (key: MasterKey) => registerSecretKeys(database, new Keyring([key]), 1_000)
      const outcomes = await Promise.allSettled(rival.map(start))
      const started = rival.filter((_, index) => outcomes[index]?.status === 'fulfilled')
      assert.equal(started.length, 1)
      await start(started[0] as MasterKey)
    }
  })

  it('lets processes start at once with the same keys', async (t) => {
    const database = await engine.open(t)
    await Promise.all(
      Array.from({ length: 5 }, () => registerSecretKeys(database, new Keyring([NEW, OLD]), 1_000)),
    )
    assert.equal((await known(database)).length, 2)
  })
})

async function known(database: Database) {
  const rows = await database.read(
    database.query.selectFrom('secret_key').select(['id', 'created_at']).orderBy('id'),
  )
  return rows.map((row) => ({ ...row }))
}
