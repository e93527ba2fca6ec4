import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { Keyring } from '../../../src/kernel/keyring.ts'
import { backup } from '../../../src/storage/backup/backup.ts'
import { checkBackup, type RestoreRequest, restore } from '../../../src/storage/backup/restore.ts'
import type { Database, EngineName } from '../../../src/storage/database.ts'
import { idSource } from '../../../src/storage/id-block.ts'
import { newest } from '../../../src/storage/migrate.ts'
import { registerSecretKeys } from '../../../src/storage/secret-keys.ts'
import { createLinks } from '../../../src/tokens/link.ts'
import { forEachEngine, type TestEngine } from '../../support/engines.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { contentOf, fillDatabase } from '../full-database.ts'

const NOW = Date.UTC(2026, 10, 21)
const KEYS = keyFile('old')
const engines = new Map<EngineName, TestEngine>()
forEachEngine((engine) => engines.set(engine.name, engine))

const WAYS = [
  ['sqlite', 'sqlite'],
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
] as const

for (const [from, to] of WAYS) {
  it(`brings every row of ${from} back on ${to}`, async (t) => {
    const source = await open(t, from)
    await fillDatabase(source)
    const { directory } = await someBackup(t, source)
    const database = await open(t, to)
    const secretKeysFile = join(tempDir(t), 'data/secret-keys.json')
    const progress: string[] = []
    const onProgress = (table: string, rows: number) => progress.push(`${table} ${rows}`)

    const report = await restoreFrom({ directory, database, secretKeysFile, onProgress })
    assert.equal(report.keys, 'restored')
    assert.equal(readFileSync(secretKeysFile, 'utf8'), KEYS)
    assert.equal(statSync(secretKeysFile).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(join(secretKeysFile, '..')), ['secret-keys.json'])
    assert.ok(progress.includes('suppression 2050') && progress.includes('content 3'))

    const { id_block: blocks, ...content } = await contentOf(database)
    const { id_block: blocksBefore, ...contentBefore } = await contentOf(source)
    assert.deepEqual(content, contentBefore)
    assert.deepEqual(blocks, [
      { name: 'delivery', next: Number(blocksBefore?.[0]?.['next']) + 1_000_000_000 },
    ])
    assert.deepEqual(await database.read(database.query.selectFrom('lease').selectAll()), [])
  })
}

forEachEngine((engine) => {
  it('keeps old links working and hands out no id that was handed out, even after the backup', async (t) => {
    const source = await engine.open(t)
    const keyring = new Keyring([{ id: 'aaaaaa', bytes: Buffer.alloc(32, 1) }])
    await registerSecretKeys(source, keyring, NOW)
    const sourceIds = idSource(source, 'message')
    await sourceIds.take(1_500)
    const { directory } = await someBackup(t, source)
    const handedOut = await sourceIds.take(20_000)
    const links = createLinks({ keyring, publicUrl: 'https://u.example.com' })
    const list = { kind: 'sender', label: 'n@example.com', classId: 'abcdefghij234567' } as const
    const { url } = links.make(list, { recipient: 'a@example.com', mintedAt: NOW, message: null })

    const database = await engine.open(t)
    await restoreFrom({ directory, database, secretKeysFile: undefined })
    const restarted = new Keyring([{ id: 'aaaaaa', bytes: Buffer.alloc(32, 1) }])
    await registerSecretKeys(database, restarted, NOW)
    const opened = createLinks({ keyring: restarted, publicUrl: 'https://u.example.com' }).open(
      list.classId,
      url.slice(url.indexOf('/-') + 2),
    )
    assert.ok(opened.ok && opened.recipient === 'a@example.com')
    const [next] = await idSource(database, 'message').take(1)
    assert.ok((next ?? 0) > Math.max(...handedOut))
  })

  it('lets no process start on a restore that was cut off, and none go on with it', async (t) => {
    const source = await engine.open(t)
    await fillDatabase(source)
    const { directory } = await someBackup(t, source)
    const manifestFile = join(directory, 'manifest.json')
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
    manifest.tables.event += 1
    writeFileSync(manifestFile, JSON.stringify(manifest))

    const database = await engine.open(t)
    const secretKeysFile = join(tempDir(t), 'secret-keys.json')
    const restoring = () => restoreFrom({ directory, database, secretKeysFile })
    await assert.rejects(restoring(), { name: 'RestoreRefused', message: /^event: 8 rows where.* 9$/ })
    assert.throws(() => statSync(secretKeysFile), { code: 'ENOENT' })
    const keyring = new Keyring([{ id: 'aaaaaa', bytes: Buffer.alloc(32, 1) }])
    await assert.rejects(registerSecretKeys(database, keyring, NOW), /missing: .*unfinished-restore/)
    await assert.rejects(restoring(), { name: 'RestoreRefused', message: /was cut off; drop it/ })
  })

  it('goes into an empty database alone', async (t) => {
    const source = await engine.open(t)
    await fillDatabase(source)
    const { directory } = await someBackup(t, source)
    await assert.rejects(restoreFrom({ directory, database: source, secretKeysFile: undefined }), {
      name: 'RestoreRefused',
      message: /empty database alone; this one has rows in id_block, secret_key, site/,
    })
  })
})

describe('a restore is refused, and nothing is written,', () => {
  const spoilt: [what: string, spoil: (directory: string) => void, message: RegExp][] = [
    ['when a byte has changed', (dir) => flipByte(join(dir, 'tables.ndjson.gz')), /is not as it was written/],
    [
      'when the tables were cut short',
      (dir) => cut(join(dir, 'tables.ndjson.gz')),
      /is not as it was written/,
    ],
    [
      'when the keys have changed',
      (dir) => flipByte(join(dir, 'secret-keys.json')),
      /secret-keys.json is not as/,
    ],
    ['when a file is missing', (dir) => rmSync(join(dir, 'tables.ndjson.gz')), /tables.ndjson.gz is missing/],
    ['without a manifest', (dir) => rmSync(join(dir, 'manifest.json')), /is not a backup/],
    [
      'when the manifest was cut short',
      (dir) => cut(join(dir, 'manifest.json')),
      /manifest.json is not JSON/,
    ],
    ['from another format', (dir) => edit(dir, { version: 2 }), /version: this release reads version 1/],
    [
      'from a newer schema',
      (dir) => edit(dir, { schema: 9_999 }),
      /schema 9999, this release knows .*newer one/,
    ],
    [
      'from an older schema',
      (dir) => edit(dir, { schema: 0 }),
      /schema 0, .* release that wrote it, then start/,
    ],
  ]
  for (const [what, spoil, message] of spoilt) {
    it(what, async (t) => {
      const { directory } = await someBackup(t, await open(t, 'sqlite'))
      spoil(directory)
      const database = await open(t, 'sqlite')
      const secretKeysFile = join(tempDir(t), 'secret-keys.json')
      await assert.rejects(restoreFrom({ directory, database, secretKeysFile }), {
        name: 'RestoreRefused',
        message,
      })
      assert.throws(() => statSync(secretKeysFile), { code: 'ENOENT' })
      assert.deepEqual(Object.values(await contentOf(database)).flat(), [])
      assert.ok((await newest(database)) > 0)
    })
  }
})

describe('the key file of a data directory that has one', () => {
  const found: [what: string, content: string, outcome: 'already there' | RegExp][] = [
    ['stays when it is the same', KEYS, 'already there'],
    ['stays when it has newer keys beside those of the backup', keyFile('new', 'old'), 'already there'],
    ['refuses the backup when it lacks one of its keys', keyFile('other'), /lacks keys of the backup/],
    ['refuses the backup when it cannot be read', '{', /lacks keys of the backup/],
  ]
  for (const [what, content, outcome] of found) {
    it(what, async (t) => {
      const { directory } = await someBackup(t, await open(t, 'sqlite'))
      const database = await open(t, 'sqlite')
      const secretKeysFile = join(tempDir(t), 'secret-keys.json')
      writeFileSync(secretKeysFile, content)
      const restoring = restoreFrom({ directory, database, secretKeysFile })
      if (typeof outcome === 'string') assert.equal((await restoring).keys, outcome)
      else await assert.rejects(restoring, { name: 'RestoreRefused', message: outcome })
      assert.equal(readFileSync(secretKeysFile, 'utf8'), content)
      assert.deepEqual(await database.read(database.query.selectFrom('secret_key').select('id')), [])
    })
  }
})

async function restoreFrom(request: Omit<RestoreRequest, 'manifest'>) {
  return restore({ ...request, manifest: await checkBackup(request.directory) })
}

function open(t: TestContext, name: EngineName): Promise<Database> {
  return (engines.get(name) as TestEngine).open(t)
}

async function someBackup(t: TestContext, database: Database) {
  const secretKeysFile = join(tempDir(t), 'secret-keys.json')
  writeFileSync(secretKeysFile, KEYS)
  return backup({ database, into: tempDir(t), secretKeysFile, now: NOW })
}

function keyFile(...keys: string[]): string {
  return JSON.stringify({ keys: keys.map((key) => ({ created: '2026-01-02T03:04:05Z', key })) })
}

function flipByte(file: string): void {
  const bytes = readFileSync(file)
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

function cut(file: string): void {
  writeFileSync(file, readFileSync(file).subarray(0, -20))
}

function edit(directory: string, change: object): void {
  const file = join(directory, 'manifest.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }))
}
