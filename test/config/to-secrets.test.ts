import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseMasterKeys } from '../../src/config/master-key.ts'
import { ConfigError } from '../../src/config/mistake.ts'
import { createSecretKeys, removeSecretKeys } from '../../src/config/secret-keys-file.ts'
import { addSecretKey, freshKey, toSecrets } from '../../src/config/to-secrets.ts'
import { tempDir } from '../support/temp-dir.ts'

const FILE = 'secret-keys.json'
const KEY = Buffer.alloc(32, 5).toString('base64')
const clock = () => Date.UTC(2026, 0, 2, 3, 4, 5)

describe('secrets', () => {
  it('come from KAIJO_SECRET_KEYS without touching the data directory', (t) => {
    const dataDir = join(tempDir(t), 'data')
    const secretKeys = parseMasterKeys(KEY)
    assert.deepEqual(toSecrets({ dataDir, secretKeys }), { keys: secretKeys, warnings: [] })
    assert.throws(() => statSync(dataDir), { code: 'ENOENT' })
  })

  it('are not made by looking for them', (t) => {
    const dataDir = tempDir(t)
    assert.equal(toSecrets({ dataDir }), undefined)
    assert.equal(toSecrets({ dataDir: join(dataDir, 'none') }), undefined)
    assert.deepEqual(readdirSync(dataDir), [])
  })

  it('are written for their owner alone, and stay the same', async (t) => {
    const dataDir = tempDir(t)
    const key = freshKey(clock)
    assert.match(key.id, /^[0-9a-f]{6}$/)
    assert.equal(key.bytes.length, 32)
    assert.equal(await createSecretKeys(dataDir, [key]), true)
    const { id, bytes } = key
    assert.deepEqual(toSecrets({ dataDir }), { keys: [{ id, bytes }], warnings: [] })

    assert.equal(statSync(join(dataDir, FILE)).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(dataDir), [FILE])
    assert.deepEqual(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')), {
      keys: [{ created: '2026-01-02T03:04:05.000Z', key: bytes.toString('base64') }],
    })
  })

  it('are those of the first of several that write them at once', async (t) => {
    const dataDir = tempDir(t)
    const keys = Array.from({ length: 8 }, () => freshKey(clock))
    const written = await Promise.all(keys.map((key) => createSecretKeys(dataDir, [key])))
    const [first, ...others] = keys.filter((_, index) => written[index])
    assert.deepEqual(others, [])
    assert.deepEqual(toSecrets({ dataDir })?.keys[0]?.id, first?.id)
    assert.deepEqual(readdirSync(dataDir), [FILE])
  })

  it('can be taken away again', async (t) => {
    const dataDir = await withKeys(tempDir(t))
    await removeSecretKeys(dataDir)
    assert.deepEqual(readdirSync(dataDir), [])
  })

  it('warn of a file that others may read', async (t) => {
    const dataDir = await withKeys(tempDir(t))
    chmodSync(join(dataDir, FILE), 0o640)
    assert.match(toSecrets({ dataDir })?.warnings.join() ?? '', /secret-keys\.json is open to other users/)
  })

  const unusable: Array<[what: string, content: string, message: RegExp]> = [
    ['is empty', '', /is not JSON/],
    ['was cut off', `{ "keys": [{ "created": "2026-01-02T03:04:05Z", "key": "${KEY}`, /is not JSON/],
    ['has another form', `{ "key": "${KEY}" }`, /is not \{ "keys"/],
    ['holds keys of another form', `{ "keys": ["${KEY}"] }`, /key 1 is not \{ "created"/],
    ['holds a key without a time', `{ "keys": [{ "created": "", "key": "${KEY}" }] }`, /key 1 is not \{/],
    ['holds no key', '{ "keys": [] }', /is not \{ "keys"/],
    ['holds a short key', file('c2hvcnQ='), /key 1 is not 32 bytes/],
    ['holds a key twice', file(KEY, KEY), /key 2 has the id [0-9a-f]{6} of key 1/],
  ]
  for (const [what, content, message] of unusable) {
    it(`are refused, and never replaced, when the file ${what}`, async (t) => {
      const dataDir = tempDir(t)
      const path = join(dataDir, FILE)
      writeFileSync(path, content, { mode: 0o600 })
      const refused = (error: Error) =>
        error instanceof ConfigError && message.test(error.message) && !error.message.includes(KEY)
      assert.throws(() => toSecrets({ dataDir }), refused)
      await assert.rejects(addSecretKey(dataDir), refused)
      assert.equal(readFileSync(path, 'utf8'), content)
      assert.deepEqual(readdirSync(dataDir), [FILE])
    })
  }

  it('are refused for every bad key of the file at once', (t) => {
    const dataDir = tempDir(t)
    const malformed = JSON.parse(file('short', KEY, KEY, ''))
    malformed.keys[3].created = 'yesterday'
    writeFileSync(join(dataDir, FILE), JSON.stringify(malformed))
    assert.throws(
      () => toSecrets({ dataDir }),
      ({ mistakes }: ConfigError) => {
        const places = mistakes.map(({ message }) => /: (key \d (?:is not|has) \S+)/.exec(message)?.[1])
        assert.deepEqual(places, ['key 4 is not {', 'key 1 is not 32', 'key 3 has the', 'key 4 is not 32'])
        return true
      },
    )
  })

  it('are refused when something unreadable stands in the file’s place', (t) => {
    const dataDir = tempDir(t)
    mkdirSync(join(dataDir, FILE))
    assert.throws(
      () => toSecrets({ dataDir }),
      /KAIJO_DATA_DIR: .*secret-keys\.json cannot be read \(EISDIR\)/,
    )
  })
})

describe('rotation', () => {
  it('puts a fresh key in front and keeps the older ones', async (t) => {
    const dataDir = await withKeys(tempDir(t))
    const before = toSecrets({ dataDir })?.keys ?? []
    const added = await addSecretKey(dataDir, clock)
    assert.deepEqual(toSecrets({ dataDir }), { keys: [added, ...before], warnings: [] })
    assert.deepEqual(readdirSync(dataDir), [FILE])
  })

  it('never loses a key to another rotation at the same time', async (t) => {
    const dataDir = await withKeys(tempDir(t))
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => addSecretKey(dataDir)))
    const added = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []))
    const keys = toSecrets({ dataDir })?.keys ?? []
    assert.ok(added.length >= 1)
    assert.equal(keys.length, added.length + 1)
    for (const id of added) assert.ok(keys.some((key) => key.id === id))
  })

  it('is refused where there is nothing to rotate, or another one was cut off', async (t) => {
    const dataDir = tempDir(t)
    await assert.rejects(addSecretKey(join(dataDir, 'none')), /none is not there yet/)
    await assert.rejects(addSecretKey(dataDir), /secret-keys\.json is not there yet/)
    assert.deepEqual(readdirSync(dataDir), [])
    writeFileSync(join(dataDir, '.secret-keys.json.change'), '')
    await assert.rejects(addSecretKey(dataDir), /\.change exists/)
    assert.deepEqual(readdirSync(dataDir), ['.secret-keys.json.change'])
  })
})

async function withKeys(dataDir: string): Promise<string> {
  await createSecretKeys(dataDir, [freshKey(clock)])
  return dataDir
}

function file(...keys: string[]): string {
  return JSON.stringify({ keys: keys.map((key) => ({ created: '2026-01-02T03:04:05.000Z', key })) })
}
