import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { done, lifeOfBlock, type Place, PROVISION, place, type RunningServer } from './kaijo.ts'

describe('an erasure, by a command beside a server', () => {
  const life = lifeOfBlock()
  let here: Place
  let server: RunningServer
  const kaijo: Place['kaijo'] = (...given) => here.kaijo(...given)
  const stop = (path: string) =>
    fetch(`${server.started.url}${path}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })

  before(async () => {
    here = await place(life)
    server = await here.serve()
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
    const told = done(await kaijo(['erasure', receipt.id, '--json'])).stdout
    assert.deepEqual([JSON.parse(told), receipt.state], [receipt, 'done'])
    for (const directory of ['journal', 'results']) {
      assert.deepEqual(readdirSync(join(here.dataDir, directory)), [], directory)
    }
  })

  it('goes on by itself behind a kill -9 in its middle', async () => {
    const stopped = ['stop', 'jiro@example.jp', '--list', 'sender:news@example.com', '--service', 'news']
    done(await kaijo(stopped))
    const erasing = kaijo(['erase', 'jiro@example.jp', '--service', 'news', '--yes'])
    const database = new DatabaseSync(join(here.dataDir, 'kaijo.db'), { readOnly: true })
    const stands = database.prepare(
      'select id, finished_at from erasure where requested_at > 0 order by requested_at desc',
    )
    const all = () => stands.all().map((row) => row['finished_at'])
    while (all().length < 2) await sleep(10)
    server.child.kill('SIGKILL')
    assert.notEqual((await erasing).code, 0)
    assert.deepEqual(all().filter((at) => at === null).length, 1)
    server = await here.serve()
    while (all().includes(null)) await sleep(50)
    const [last] = stands.all()
    database.close()
    assert.match(
      done(await kaijo(['erasure', String(last?.['id'])])).stdout,
      /^erased .*\nevent\t1\n|\nsuppression\t1\n/,
    )
    assert.doesNotMatch(done(await kaijo(['export', 'events', '--service', 'news'])).stdout, /jiro/)
  })
})
