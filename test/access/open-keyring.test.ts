import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { type OpenedKeyring, openKeyring } from '../../src/access/open-keyring.ts'
import { ConfigError } from '../../src/config/mistake.ts'
import { readSecretKeys } from '../../src/config/secret-keys-file.ts'
import type { Database } from '../../src/storage/database.ts'
import { SecretKeysRefused } from '../../src/storage/secret-keys.ts'
import { forEachEngine } from '../support/engines.ts'
import { tempDir } from '../support/temp-dir.ts'

const FILE = 'secret-keys.json'
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const clock = () => NOW

forEachEngine((engine) => {
  it('the first start makes a key, and every later one opens the same', async (t) => {
    const [database, dataDir] = [await engine.open(t), tempDir(t)]
    const first = await open(database, dataDir)
    assert.deepEqual(idsOf(await open(database, dataDir)), idsOf(first))
    assert.deepEqual(await knownIds(database), idsOf(first))
    assert.equal(readSecretKeys(dataDir)?.keys[0]?.created, '2026-01-02T03:04:05.000Z')
    assert.deepEqual(readdirSync(dataDir), [FILE])
  })

  it('a refused start leaves no key file behind, so that the right one can be put back', async (t) => {
    const [database, dataDir, elsewhere] = [await engine.open(t), tempDir(t), tempDir(t)]
    const first = await open(database, dataDir)
    await rename(join(dataDir, FILE), join(elsewhere, FILE))
    await assert.rejects(open(database, dataDir), new RegExp(`missing: ${idsOf(first)[0]}\\b`))
    assert.deepEqual(readdirSync(dataDir), [])
    await rename(join(elsewhere, FILE), join(dataDir, FILE))
    assert.deepEqual(idsOf(await open(database, dataDir)), idsOf(first))
  })

  it('the database learns of no key that is not in the file', async (t) => {
    const [database, dataDir] = [await engine.open(t), tempDir(t)]
    rmSync(dataDir, { recursive: true })
    await assert.rejects(open(database, dataDir), ConfigError)
    assert.deepEqual(await knownIds(database), [])
  })

  it('of first starts at once in several data directories one makes the key, the others leave no file', async (t) => {
    const database = await engine.open(t)
    const dataDirs = [1, 2, 3, 4].map(() => tempDir(t))
    const starts = await Promise.allSettled(dataDirs.map((dataDir) => open(database, dataDir)))
    for (const start of starts) {
      if (start.status === 'rejected') assert.ok(start.reason instanceof SecretKeysRefused)
    }
    const started = dataDirs.filter((_, index) => starts[index]?.status === 'fulfilled')
    assert.equal(started.length, 1)
    const holding = dataDirs.filter((dataDir) => readdirSync(dataDir).length > 0)
    assert.deepEqual(holding, started)
    assert.deepEqual(idsOf(await open(database, started[0] ?? '')), await knownIds(database))
  })

  it('first starts at once in one data directory go on with the same key', async (t) => {
    const [database, dataDir] = [await engine.open(t), tempDir(t)]
    const starts = await Promise.all(Array.from({ length: 6 }, () => open(database, dataDir)))
    assert.equal(new Set(starts.map((start) => idsOf(start).join())).size, 1)
    assert.deepEqual(readdirSync(dataDir), [FILE])
  })
})

function open(database: Database, dataDir: string): Promise<OpenedKeyring> {
  return openKeyring({ config: { dataDir }, database, clock })
}

function idsOf({ keyring }: OpenedKeyring): string[] {
  return keyring.all().map(({ id }) => id)
}

async function knownIds(database: Database): Promise<string[]> {
  const rows = await database.read(database.query.selectFrom('secret_key').select('id'))
  return rows.map(({ id }) => id)
}
