import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('commands beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  let kaijo: Place['kaijo']

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    await here.serve()
  })

  it('keys rotate makes a new first key, keys list never shows one', async () => {
    const [before] = JSON.parse(done(await kaijo(['keys', 'list', '--json'])).stdout).items
    const { keyId } = JSON.parse(done(await kaijo(['keys', 'rotate', '--json'])).stdout)
    const listed = done(await kaijo(['keys', 'list', '--json'])).stdout
    const { items } = JSON.parse(listed)
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      [keyId, before.id],
    )
    assert.deepEqual(Object.keys(items[0]), ['id', 'createdAt'])
    const repaired = done(await kaijo(['keys', 'repair', '--json']))
    assert.deepEqual(JSON.parse(repaired.stdout), { replayed: 0, broken: 0, stillUnknown: [] })
  })

  it('a backup restores elsewhere, with the keys', async (t) => {
    const report = JSON.parse(done(await kaijo(['backup', files, '--json'])).stdout)
    assert.equal(report.tables.dkim_key >= 0, true)
    const there = await place(t)
    const restored = JSON.parse(done(await there.kaijo(['restore', report.directory, '--json'])).stdout)
    assert.equal(restored.keys.outcome, 'restored')
    const made = readdirSync(there.dataDir).map((file) => [
      file,
      statSync(join(there.dataDir, file)).mode & 0o777,
    ])
    assert.deepEqual(Object.fromEntries(made), { 'kaijo.db': 0o600, lock: 0o600, 'secret-keys.json': 0o600 })
    const ids = async (run: Place['kaijo']) => done(await run(['keys', 'list', '--json'])).stdout
    assert.equal(await ids(there.kaijo), await ids(kaijo))
  })

  it('a restore of a backup with an older schema makes nothing', async (t) => {
    const { directory } = JSON.parse(done(await kaijo(['backup', files, '--json'])).stdout)
    const manifest = join(directory, 'manifest.json')
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), schema: 1 }))
    const there = await place(t)
    const { code, stderr } = await there.kaijo(['restore', directory])
    assert.match(
      stderr,
      /^error: the backup has schema 1, this release makes \d+: restore it with the release/,
    )
    assert.deepEqual([code, readdirSync(there.dataDir)], [2, []])
  })

  it('migrate says that the schema is up to date', async () => {
    const { stdout } = done(await kaijo(['migrate', '--json']))
    const { engine: found, applied, version } = JSON.parse(stdout)
    assert.deepEqual({ found, applied }, { found: 'sqlite', applied: [] })
    assert.ok(version >= 1)
  })

  it('doctor reports each check', async () => {
    const { code, stdout } = await kaijo(['doctor', '--json'])
    const { checks, healthy } = JSON.parse(stdout)
    assert.equal(code, healthy ? 0 : 1)
    const database = checks.find(({ name }: { name: string }) => name === 'database')
    assert.equal(database.status, 'ok')
  })
})

describe('commands and servers in one data directory', () => {
  it('wait for each other when no server runs', async (t) => {
    const { kaijo } = await place(t)
    done(await kaijo(['migrate']))
    const outcomes = await Promise.all([1, 2, 3].map(() => kaijo(['keys', 'list'])))
    assert.deepEqual(
      outcomes.map(({ code, stderr }) => [code, stderr]),
      [
        [0, ''],
        [0, ''],
        [0, ''],
      ],
    )
  })

  it('work on after a server was killed', async (t) => {
    const { kaijo, serve } = await place(t)
    const { child } = await serve()
    child.kill('SIGKILL')
    done(await kaijo(['keys', 'list']))
  })

  it('do not wait for mail that nobody sends', async (t) => {
    const { kaijo } = await place(t)
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    const mail = [
      'send',
      '--from',
      'news@example.com',
      '--subject',
      'Hi',
      '--text',
      '-',
      '--to',
      'taro@example.jp',
    ]
    const { code, stderr } = await kaijo([...mail, '--wait'], { input: 'Hello\n' })
    assert.deepEqual([code, stderr], [1, 'error: --wait: no server runs that could send the mail\n'])
  })
})
