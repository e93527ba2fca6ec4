import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { tempDir } from '../../support/temp-dir.ts'
import { done, lifeOfBlock, type Place, PROVISION, place } from './kaijo.ts'

const SERVICE = ['--service', 'news']

describe('lists as files, by commands beside a server', () => {
  const life = lifeOfBlock()
  const files = tempDir(life)
  let kaijo: Place['kaijo']

  before(async () => {
    const here = await place(life)
    kaijo = here.kaijo
    const { started } = await here.serve()
    done(await kaijo(['provision', '-'], { input: PROVISION }))
    for (const to of ['taro@example.jp', '花子@example.jp']) {
      const minted = await kaijo(['headers', ...SERVICE, '--from', 'news@example.com', '--to', to, '--json'])
      const { pathname } = new URL(JSON.parse(done(minted).stdout).url)
      await fetch(`${started.url}${pathname}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    }
  })

  it('export unsubscribes writes CSV to stdout, narrowed by what is given', async () => {
    const { stdout } = done(await kaijo(['export', 'unsubscribes', ...SERVICE]))
    assert.match(
      stdout,
      /^from_address,user_id,target,timestamp\r\nnews@example\.com,,taro@example\.jp,[\d:T+-]+\r\nnews@example\.com,,花子@example\.jp,/,
    )
    const one = done(await kaijo(['export', 'unsubscribes', ...SERVICE, '--contains', '花', '--json']))
    assert.equal(JSON.parse(one.stdout).target, '花子@example.jp')
    const none = done(await kaijo(['export', 'unsubscribes', ...SERVICE, '--state', 'resumed']))
    assert.equal(none.stdout, 'from_address,user_id,target,timestamp\r\n')
  })

  it('export to - is to stdout, as without a file', async () => {
    const { stdout } = done(await kaijo(['export', 'blocklist', ...SERVICE, '--output', '-']))
    assert.match(stdout, /^address,reason,/)
    assert.equal(existsSync('-'), false)
  })

  it('export writes a compressed file, which appears when it is complete', async () => {
    const file = join(files, 'events.csv.gz')
    done(await kaijo(['export', 'events', ...SERVICE, '--sender', 'news@example.com', '--gzip', '-o', file]))
    assert.match(gunzipSync(readFileSync(file)).toString(), /,stop,taro@example\.jp,unsubscribed,one-click,/)
    assert.equal(existsSync(`${file}.partial`), false)
    const zip = join(files, 'stopped.zip')
    done(await kaijo(['export', 'unsubscribes', ...SERVICE, '--zip', '-o', zip]))
    assert.equal(readFileSync(zip).readUInt32LE(0), 0x04034b50)
  })

  it('what is refused leaves neither a file nor a part of one', async () => {
    const file = join(files, 'refused.zip')
    const refused = await kaijo(['export', 'unsubscribes', ...SERVICE, '--aes', '-o', file])
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /encryption: the service has no export password/)
    assert.deepEqual([existsSync(file), existsSync(`${file}.partial`)], [false, false])
    mkdirSync(file)
    const unwritable = await kaijo(['export', 'blocklist', ...SERVICE, '-o', join(file, 'no', 'such.csv')])
    assert.equal(unwritable.code, 2)
    assert.match(unwritable.stderr, /cannot be written \(ENOENT\)/)
  })

  it('export and report expiring tell who becomes deliverable by itself, and how many', async () => {
    const { stdout } = done(await kaijo(['export', 'expiring', ...SERVICE, '--days', '91']))
    assert.match(
      stdout,
      /^list,address,day,[^\n]+\nsender:news@example\.com,taro@example\.jp,\d{4}-\d\d-\d\d,/,
    )
    const soon = done(await kaijo(['export', 'expiring', ...SERVICE, '--json']))
    assert.equal(soon.stdout, '')
    const report = done(await kaijo(['report', 'expiring', ...SERVICE, '--days', '91']))
    assert.match(report.stdout, /^\d{4}-\d\d-\d\d\tsender:news@example\.com\t2\n$/)
  })
})
