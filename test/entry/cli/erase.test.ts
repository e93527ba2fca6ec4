import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

describe('an erasure, by a command beside a server', () => {
  const life = lifeOfBlock()
  let here: Place
  let publicUrl: string
  const kaijo: Place['kaijo'] = (...given) => here.kaijo(...given)
  const stop = (path: string) =>
    fetch(`${publicUrl}${path}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })

  before(async () => {
    here = await place(life)
    const { started } = await here.serve()
    publicUrl = started.url
    done(await kaijo(['provision', '-'], { input: PROVISION }))
  })

  it('leaves the person excluded; the old link does not bring the address back, and a backup has none of it', async () => {
    const mint = ['--service', 'news', '--from', 'news@example.com', '--to', 'taro@example.jp', '--json']
    const { pathname } = new URL(JSON.parse(done(await kaijo(['headers', ...mint])).stdout).url)
    assert.equal((await stop(pathname)).status, 200)
    const erased = done(await kaijo(['erase', 'taro@example.jp', '--service', 'news', '--yes', '--json']))
    const receipt = JSON.parse(erased.stdout)
    assert.deepEqual(receipt.replaced, { suppression: 1, event: 1 })

    assert.equal((await stop(pathname)).status, 200)
    const check = ['check', '-', '--service', 'news', '--from', 'news@example.com']
    const checked = await kaijo(check, { input: 'taro@example.jp\nhanako@example.jp\n' })
    assert.equal(checked.stdout, 'hanako@example.jp\n')
    const backup = done(await kaijo(['backup', join(here.dataDir, 'backups')]))
    const tables = gunzipSync(readFileSync(join(backup.stdout.trim(), 'tables.ndjson.gz'))).toString()
    assert.match(tables, /erased:/)
    assert.doesNotMatch(tables, /taro/i)
    const listed = ['export', 'unsubscribes', '--service', 'news']
    assert.match(done(await kaijo(listed)).stdout, /^news@example\.com,,erased:[\w-]{43},\S+\r$/m)
    assert.doesNotMatch(done(await kaijo(['export', 'events', '--service', 'news'])).stdout, /taro/)
    for (const directory of ['journal', 'results']) {
      assert.deepEqual(readdirSync(join(here.dataDir, directory)), [], directory)
    }
  })
})
