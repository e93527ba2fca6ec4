import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readControlFile } from '../../../src/access/control-file.ts'
import { openUploads, withUpload } from '../../../src/imports/storing/upload.ts'
import { addTenant, install } from '../../support/installation.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('an upload', () => {
  it('lies on disk for its reader alone, and is gone afterwards', async (t) => {
    const directory = join(tempDir(t), 'uploads')
    const parts = ['email\n', 'a@example.jp\n']
    await withUpload(Readable.from(parts.map((part) => Buffer.from(part))), directory, async (upload) => {
      assert.equal(readFileSync(upload.file, 'utf8'), parts.join(''))
      assert.equal(statSync(upload.file).mode & 0o777, 0o600)
      assert.equal(upload.bytes, 19)
      assert.equal(upload.sha256, createHash('sha256').update(parts.join('')).digest('hex'))
    })
    assert.deepEqual(readdirSync(directory), [])
  })

  it('may have 104,857,600 bytes, and not one more', async (t) => {
    const directory = join(tempDir(t), 'uploads')
    const of = (bytes: number) =>
      Readable.from([Buffer.alloc(bytes / 2), Buffer.alloc(bytes / 2), Buffer.alloc(bytes % 2)])
    const bytes = await withUpload(of(104_857_600), directory, async (upload) => upload.bytes)
    assert.equal(bytes, 104_857_600)
    await assert.rejects(
      withUpload(of(104_857_601), directory, async () => {}),
      { code: 'too-large', message: /byte 104857601/ },
    )
    assert.deepEqual(readdirSync(directory), [])
  })

  it('that a killed process left behind is gone after the next start', async (t) => {
    const directory = join(tempDir(t), 'uploads')
    mkdirSync(directory)
    writeFileSync(join(directory, 'left.upload'), 'email\n')
    await openUploads(directory)
    assert.throws(() => readdirSync(directory), { code: 'ENOENT' })
  })

  it('that breaks off before anything of it has come leaves nothing', async (t) => {
    const directory = join(tempDir(t), 'uploads')
    const broken = () =>
      new Readable({
        read() {
          this.destroy(new Error('gone'))
        },
      })
    const breaking = async () =>
      assert.rejects(
        withUpload(broken(), directory, async () => {}),
        /gone/,
      )
    await Promise.all(Array.from({ length: 300 }, breaking))
    await sleep(100)
    assert.deepEqual(readdirSync(directory), [])
  })

  it('that is cut off in the middle leaves nothing', async (t) => {
    const installation = await install(t, 'sqlite', { serves: 'http,worker' })
    const { service } = await addTenant(installation)
    const { token } = (await readControlFile(installation.dataDir)) ?? {}
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv', 'content-length': 1_000 }
    const path = `/api/v1/services/${service.id}/imports`
    const outgoing = request(`${installation.url}${path}?list=blocklist&action=add`, {
      method: 'POST',
      headers,
    })
    outgoing.on('error', () => {})
    outgoing.write('email\na@example.jp\n')
    const uploads = () => {
      try {
        return readdirSync(join(installation.dataDir, 'uploads')).length
      } catch {
        return 0
      }
    }
    // However long a busy machine takes; what never comes is ended by the run's own timeout.
    while (uploads() !== 1) await sleep(20)
    outgoing.destroy()
    while (uploads() !== 0) await sleep(20)
    const answer = await fetch(`${installation.url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.deepEqual(await answer.json(), { items: [], next: null })
  })
})
