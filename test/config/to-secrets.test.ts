import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigError } from '../../src/config/mistake.ts'
import { toConfig } from '../../src/config/to-config.ts'
import { addSecretKey, toSecrets } from '../../src/config/to-secrets.ts'
import { tempDir } from '../support/temp-dir.ts'

const KEY = Buffer.alloc(32, 5).toString('base64')
const clock = () => Date.UTC(2026, 0, 2, 3, 4, 5)

describe('secrets', () => {
  it('come from KAIJO_SECRET_KEYS without touching the data directory', async (t) => {
    const dataDir = join(tempDir(t), 'data')
    const secrets = await toSecrets(toConfig({ KAIJO_DATA_DIR: dataDir, KAIJO_SECRET_KEYS: KEY }))
    assert.deepEqual(
      secrets.keys.map(({ bytes }) => bytes.toString('base64')),
      [KEY],
    )
    assert.throws(() => statSync(dataDir), { code: 'ENOENT' })
  })

  it('are made once, for their owner alone, and stay the same at every start', async (t) => {
    const dataDir = join(tempDir(t), 'deep/data')
    const config = toConfig({ KAIJO_DATA_DIR: dataDir })
    const first = await toSecrets(config, clock)
    assert.equal(first.keys[0]?.bytes.length, 32)
    assert.match(first.keys[0]?.id ?? '', /^[0-9a-f]{6}$/)
    assert.deepEqual(await toSecrets(config, clock), first)
    assert.deepEqual(first.warnings, [])

    assert.equal(statSync(dataDir).mode & 0o777, 0o700)
    assert.equal(statSync(join(dataDir, 'secret-keys.json')).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(dataDir), ['secret-keys.json'])
    assert.deepEqual(JSON.parse(readFileSync(join(dataDir, 'secret-keys.json'), 'utf8')), {
      keys: [{ created: '2026-01-02T03:04:05.000Z', key: first.keys[0]?.bytes.toString('base64') }],
    })
  })

  it('are the same for all of several first starts at once', async (t) => {
    const config = toConfig({ KAIJO_DATA_DIR: tempDir(t) })
    const starts = await Promise.all(Array.from({ length: 8 }, () => toSecrets(config)))
    assert.equal(new Set(starts.map(({ keys }) => keys[0]?.id)).size, 1)
    assert.deepEqual(readdirSync(config.dataDir), ['secret-keys.json'])
  })

  it('warn of a file that others may read', async (t) => {
    const config = toConfig({ KAIJO_DATA_DIR: tempDir(t) })
    await toSecrets(config)
    chmodSync(join(config.dataDir, 'secret-keys.json'), 0o640)
    const { warnings } = await toSecrets(config)
    assert.match(warnings.join(), /secret-keys\.json is open to other users/)
  })

  const unusable: Array<[what: string, content: string, message: RegExp]> = [
    ['is empty', '', /is not JSON/],
    ['was cut off', `{ "keys": [{ "created": "2026-01-02T03:04:05Z", "key": "${KEY}`, /is not JSON/],
    ['has another form', `{ "keys": ["${KEY}"] }`, /is not \{ "keys"/],
    ['holds no key', '{ "keys": [] }', /is not \{ "keys"/],
    ['holds a short key', file('c2hvcnQ='), /key 1 is not 32 bytes/],
    ['holds a key twice', file(KEY, KEY), /two keys with the id/],
  ]
  for (const [what, content, message] of unusable) {
    it(`are refused, and never replaced, when the file ${what}`, async (t) => {
      const config = toConfig({ KAIJO_DATA_DIR: tempDir(t) })
      const path = join(config.dataDir, 'secret-keys.json')
      writeFileSync(path, content, { mode: 0o600 })
      const refused = (error: Error) =>
        error instanceof ConfigError && message.test(error.message) && !error.message.includes(KEY)
      await assert.rejects(toSecrets(config), refused)
      await assert.rejects(addSecretKey(config.dataDir), refused)
      assert.equal(readFileSync(path, 'utf8'), content)
      assert.deepEqual(readdirSync(config.dataDir), ['secret-keys.json'])
    })
  }

  it('are refused when something unreadable stands in the file’s place', async (t) => {
    const config = toConfig({ KAIJO_DATA_DIR: tempDir(t) })
    mkdirSync(join(config.dataDir, 'secret-keys.json'))
    await assert.rejects(toSecrets(config), /KAIJO_DATA_DIR: .*secret-keys\.json cannot be read \(EISDIR\)/)
  })

  it('are refused when the data directory is a file', async (t) => {
    const dataDir = join(tempDir(t), 'file')
    writeFileSync(dataDir, '')
    await assert.rejects(
      toSecrets(toConfig({ KAIJO_DATA_DIR: dataDir })),
      /KAIJO_DATA_DIR: is not a directory/,
    )
  })
})

describe('rotation', () => {
  it('puts a fresh key in front and keeps the older ones', async (t) => {
    const config = toConfig({ KAIJO_DATA_DIR: tempDir(t) })
    const before = await toSecrets(config)
    const added = await addSecretKey(config.dataDir, clock)
    const after = await toSecrets(config)
    assert.deepEqual(after.keys, [added, ...before.keys])
    assert.deepEqual(after.warnings, [])
    assert.deepEqual(readdirSync(config.dataDir), ['secret-keys.json'])
  })

  it('never loses a key to another rotation at the same time', async (t) => {
    const config = toConfig({ KAIJO_DATA_DIR: tempDir(t) })
    await toSecrets(config)
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => addSecretKey(config.dataDir)))
    const added = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []))
    const { keys } = await toSecrets(config)
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

function file(...keys: string[]): string {
  return JSON.stringify({ keys: keys.map((key) => ({ created: '2026-01-02T03:04:05.000Z', key })) })
}
