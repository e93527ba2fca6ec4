import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { parseMasterKeys } from '../../src/config/master-key.ts'
import { readSecretKeys } from '../../src/config/secret-keys-file.ts'
import { addSecretKey } from '../../src/config/to-secrets.ts'
import { createDkimStore } from '../../src/delivery/dkim/dkim-store.ts'
import { type RotationParts, rotateKeys } from '../../src/delivery/rotate-keys.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'
import { registerSecretKeys } from '../../src/storage/secret-keys.ts'
import { createLinks } from '../../src/tokens/link.ts'
import { forEachEngine } from '../support/engines.ts'
import { addTenant, type Installation, install, NOON } from '../support/installation.ts'

const DKIM = { domain: 'example.com', selector: 'k1', algorithm: 'ed25519-sha256', now: NOON } as const

forEachEngine((engine) => {
  it('makes a fresh key the newest everywhere: in the file, the database, this process and what is sealed', async (t) => {
    const installation = await install(t, engine.name)
    const { database, keyring, dkim, relays } = installation.capabilities
    await dkim.create(DKIM)
    const { service } = await addTenant(installation)
    await relays.set(service.id, 'smtp://user:password@relay.example')
    const before = keyring.newest.id

    const rotation = await rotateKeys(installation.capabilities)
    assert.ok(rotation.rotated)
    assert.equal(rotation.resealed, 2)
    assert.notEqual(rotation.keyId, before)
    assert.equal(keyring.newest.id, rotation.keyId)
    const stored = await readSecretKeys(installation.dataDir)
    assert.deepEqual(
      stored?.keys.map(({ id }) => id),
      [rotation.keyId, before],
    )
    assert.deepEqual(await knownIds(installation), [rotation.keyId, before].toSorted())
    const [{ sealed_private_key: sealed = '' } = {}] = await database.read(
      database.query.selectFrom('dkim_key').select('sealed_private_key'),
    )
    assert.ok(sealed.startsWith(`${rotation.keyId}.`))
    const [relay] = await database.read(database.query.selectFrom('service_relay').selectAll())
    assert.ok(relay?.sealed_url.startsWith(`${rotation.keyId}.`))
    const restarted = createDkimStore(database, new Keyring(stored?.keys ?? []))
    assert.equal((await restarted.signingKeys('example.com', 1, NOON)).length, 1)
  })

  it('keeps old links working, in this process and after its next start', async (t) => {
    const installation = await install(t, engine.name)
    const tenant = await addTenant(installation)
    const [old, classId] = [tenant.linkOf('a@example.com'), tenant.sender.classId]
    await rotateKeys(installation.capabilities)
    const fresh = tenant.linkOf('a@example.com')
    assert.notEqual(fresh, old)

    const keys = (await readSecretKeys(installation.dataDir))?.keys ?? []
    const restarted = createLinks({ keyring: new Keyring(keys), publicUrl: 'http://localhost' })
    for (const links of [installation.capabilities.links, restarted]) {
      for (const url of [old, fresh]) assert.ok(links.open(classId, url.slice(url.indexOf('/-') + 2)).ok)
    }
  })

  it('leaves an installation that starts, wherever it is cut off', async (t) => {
    const installation = await install(t, engine.name)
    const { database, keyring, dkim } = installation.capabilities
    await dkim.create(DKIM)
    const start = async () => {
      const keys = (await readSecretKeys(installation.dataDir))?.keys ?? []
      await registerSecretKeys(database, new Keyring(keys), NOON)
      return createDkimStore(database, new Keyring(keys)).signingKeys('example.com', 1, NOON)
    }
    // Cut off after the file.
    await addSecretKey(installation.dataDir)
    assert.equal((await start()).length, 1)

    // Cut off before the database: it is away.
    const away = { ...database, transact: () => Promise.reject(new DatabaseUnavailable('away')) }
    const parts: RotationParts = { ...installation.capabilities, keyring, database: away }
    await assert.rejects(rotateKeys(parts), DatabaseUnavailable)
    assert.equal((await start()).length, 1)

    // Cut off before the DKIM keys are sealed anew.
    const failing = { ...dkim, reseal: () => Promise.reject(new DatabaseUnavailable('away')) }
    await assert.rejects(rotateKeys({ ...installation.capabilities, dkim: failing }), DatabaseUnavailable)
    assert.equal((await start()).length, 1)
    assert.equal((await knownIds(installation)).length, 4)
  })

  it('changes nothing when the database is away or knows a key that is missing here', async (t) => {
    const installation = await install(t, engine.name)
    const { database } = installation.capabilities
    const before = await readSecretKeys(installation.dataDir)
    const away = { ...database, read: () => Promise.reject(new DatabaseUnavailable('away')) }
    await assert.rejects(rotateKeys({ ...installation.capabilities, database: away }), DatabaseUnavailable)
    const strange = { id: 'ffffff', check_value: 'c', purpose: 'ring', created_at: 1 } as const
    await database.transact([database.query.insertInto('secret_key').values(strange)])
    await assert.rejects(rotateKeys(installation.capabilities), /secret keys missing: ffffff/)
    assert.deepEqual(await readSecretKeys(installation.dataDir), before)
  })

  it('changes nothing when the file cannot be changed', async (t) => {
    const installation = await install(t, engine.name)
    const { keyring } = installation.capabilities
    const before = keyring.newest.id
    const draft = join(installation.dataDir, '.secret-keys.json.change')
    writeFileSync(draft, '')
    await assert.rejects(rotateKeys(installation.capabilities), { name: 'ConfigError' })
    assert.equal(keyring.newest.id, before)
    assert.deepEqual(await knownIds(installation), [before])
    rmSync(draft)
    assert.ok((await rotateKeys(installation.capabilities)).rotated)
  })

  it('hands the operator a fresh key and the order of restarts when the keys are in KAIJO_SECRET_KEYS', async (t) => {
    const env = { KAIJO_SECRET_KEYS: Buffer.alloc(32, 5).toString('base64') }
    const installation = await install(t, engine.name, { env })
    const before = await knownIds(installation)
    const rotation = await rotateKeys(installation.capabilities)
    assert.ok(!rotation.rotated)
    assert.deepEqual(
      parseMasterKeys(rotation.secret).map(({ id, bytes }) => [id, bytes.length]),
      [[rotation.keyId, 32]],
    )
    assert.match(rotation.steps.join('\n'), /END of KAIJO_SECRET_KEYS.*\n.*FRONT/)
    assert.ok(!rotation.steps.join().includes(rotation.secret))
    assert.deepEqual(await knownIds(installation), before)
  })
})

async function knownIds({ capabilities: { database } }: Installation): Promise<string[]> {
  const rows = await database.read(database.query.selectFrom('secret_key').select('id').orderBy('id'))
  return rows.map(({ id }) => id)
}
