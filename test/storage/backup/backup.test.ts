import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { backup } from '../../../src/storage/backup/backup.ts'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { forEachEngine } from '../../support/engines.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { fillDatabase } from '../full-database.ts'

const NOW = Date.UTC(2026, 10, 21, 21, 17, 27, 345)

forEachEngine((engine) => {
  it('is a directory for its owner alone, with checksums and counts, named by the time in UTC', async (t) => {
    const database = await engine.open(t)
    await fillDatabase(database)
    const into = join(tempDir(t), 'deep/backups')
    const secretKeysFile = join(tempDir(t), 'secret-keys.json')
    writeFileSync(secretKeysFile, '{ "keys": [] }\n')
    chmodSync(secretKeysFile, 0o644)

    const progress: string[] = []
    const onProgress = (table: string, rows: number) => progress.push(`${table} ${rows}`)
    const { directory, manifest } = await backup({ database, into, secretKeysFile, now: NOW, onProgress })
    assert.equal(directory, join(into, 'kaijo-backup-20261121T211727Z'))
    assert.deepEqual(readdirSync(into), ['kaijo-backup-20261121T211727Z'])
    assert.equal(statSync(directory).mode & 0o777, 0o700)
    const files = readdirSync(directory).toSorted()
    assert.deepEqual(files, ['manifest.json', 'secret-keys.json', 'tables.ndjson.gz'])
    for (const file of files) assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600)

    assert.deepEqual(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')), manifest)
    assert.equal(manifest.engine, engine.name)
    assert.equal(manifest.time, '2026-11-21T21:17:27.345Z')
    assert.deepEqual(manifest.keys, { ids: ['aaaaaa'], included: true })
    assert.equal(manifest.tables['suppression'], 2_050)
    assert.equal(manifest.tables['lease'], undefined)
    for (const [file, sum] of Object.entries(manifest.sha256)) {
      assert.equal(
        createHash('sha256')
          .update(readFileSync(join(directory, file)))
          .digest('hex'),
        sum,
      )
    }
    assert.ok(progress.includes('suppression 2000') && progress.includes('suppression 2050'))
  })

  it('says that the keys are elsewhere when they are', async (t) => {
    const database = await engine.open(t)
    await fillDatabase(database)
    const { directory, manifest } = await backup({
      database,
      into: tempDir(t),
      secretKeysFile: undefined,
      now: NOW,
    })
    assert.deepEqual(manifest.keys, { ids: ['aaaaaa'], included: false })
    assert.deepEqual(readdirSync(directory).toSorted(), ['manifest.json', 'tables.ndjson.gz'])
  })

  it('leaves nothing behind when it fails', async (t) => {
    const database = await engine.open(t)
    const into = tempDir(t)
    const missing = join(into, 'no-such-file')
    await assert.rejects(backup({ database, into, secretKeysFile: missing, now: NOW }), /ENOENT/)
    assert.deepEqual(readdirSync(into), [])
  })

  it('comes from one moment, however busily others write', async (t) => {
    const database = await engine.open(t)
    let time = NOW
    const recorder = createRecorder(database, () => time++)
    let written = 0
    const stop = () => {
      const index = written++
      const address = `${index % 3_500}@example.com`
      return recorder.record({
        kind: 'stop',
        listId: 1,
        recipient: { address, key: address },
        requestedAt: NOW + index,
        source: 'one-click',
        evidence: null,
        reason: 'unsubscribed',
        messageId: `${index}@example.com`,
        mailedAt: null,
      })
    }
    await Promise.all(Array.from({ length: 3_000 }, stop))
    let hammering = true
    const hammer = (async () => {
      while (hammering) await Promise.all(Array.from({ length: 100 }, stop))
    })()

    const before = written
    const { directory, manifest } = await backup({
      database,
      into: tempDir(t),
      secretKeysFile: undefined,
      now: NOW,
    })
    hammering = false
    await hammer
    assert.ok(written > before)

    const rows = rowsIn(join(directory, 'tables.ndjson.gz'))
    const suppressions = rows('suppression')
    const events = new Set(rows('event').map((row) => `${row['address_key']} ${row['recorded_at']}`))
    assert.ok(suppressions.length >= 3_000)
    assert.equal(events.size, manifest.tables['event'])
    for (const { address_key, revision } of suppressions) assert.ok(events.has(`${address_key} ${revision}`))
    const newestEvents = new Map(rows('event').map((row) => [row['address_key'], row['recorded_at']]))
    for (const { address_key, revision } of suppressions)
      assert.equal(newestEvents.get(address_key), revision)
  })
})

function rowsIn(file: string): (table: string) => Record<string, unknown>[] {
  const tables = new Map<string, Record<string, unknown>[]>()
  let columns: string[] = []
  let rows: Record<string, unknown>[] = []
  const [, ...lines] = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
  for (const line of lines.map((text) => JSON.parse(text))) {
    if (Array.isArray(line)) {
      rows.push(Object.fromEntries(columns.map((column, index) => [column, line[index]])))
    } else {
      columns = line.columns
      rows = []
      tables.set(line.table, rows)
    }
  }
  return (table) => tables.get(table) ?? []
}
