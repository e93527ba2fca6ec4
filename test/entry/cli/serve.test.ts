import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { freePort } from '../../support/free-port.ts'
import { MAIN, place } from './kaijo.ts'

describe('kaijo serve', () => {
  it('makes credentials on the very first start, which work, and none on the second', async (t) => {
    const { serve } = await place(t)
    const first = await serve()
    const { created, url } = first.started
    const call = (path: string, key: string) =>
      fetch(`${url}/api/v1/services/${created?.service.id}/${path}`, {
        headers: { authorization: `Bearer ${key}` },
      })
    assert.equal((await call('senders', created?.apiUser.key ?? '')).status, 200)
    assert.ok((created?.apiUser.key.length ?? 0) >= 32)
    assert.equal(await first.stop(), 0)
    const second = await serve()
    assert.equal(second.started.created, null)
  })

  it('tells people the credentials, what to do next and where it listens', async (t) => {
    const { env } = await place(t)
    const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    for await (const chunk of child.stdout) {
      said += chunk
      if (/listens on/.test(said)) break
    }
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.match(said, /API user {2}admin@localhost\n {2}API key {3}[\w-]{32}\n/)
    assert.match(said, /npm run kaijo -- dkim create/)
    assert.match(
      said,
      /Kaijo \d+\.\d+\.\d+ listens on http:\/\/127\.0\.0\.1:\d+ and smtp:\/\/127\.0\.0\.1:\d+, links begin with http:\/\/localhost:8080\n/,
    )
  })

  it('a database that cannot be reached is told by its setting, without the password', async (t) => {
    const { kaijo } = await place(t)
    const url = `postgres://kaijo:s3cret@127.0.0.1:${await freePort()}/kaijo`
    const { code, stderr } = await kaijo(['serve'], { env: { KAIJO_DATABASE_URL: url } })
    const masked = url.replace('s3cret', '***')
    assert.ok(
      stderr.startsWith(`error: KAIJO_DATABASE_URL: ${masked} cannot be opened (connect ECONNREFUSED`),
    )
    assert.equal(code, 1)
  })

  it('says which Node it needs when an older one runs it', async () => {
    const older = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' })`
    const preload = `data:text/javascript,${encodeURIComponent(older)}`
    const child = spawn(process.execPath, ['--import', preload, MAIN, 'serve'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const exited = once(child, 'exit')
    assert.match(await text(child.stderr), /^error: Kaijo needs Node 26 or newer; this is v\S+\n$/)
    assert.deepEqual(await exited, [1, null])
  })

  it('a port that another program has is told, with exit code 1', async (t) => {
    const { kaijo } = await place(t)
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    t.after(() => other.close())
    const address = `127.0.0.1:${(other.address() as { port: number }).port}`
    const { code, stderr } = await kaijo(['serve'], { env: { KAIJO_HTTP_LISTEN: address } })
    assert.equal(stderr, `error: cannot listen on ${address}: another program listens there\n`)
    assert.equal(code, 1)
  })
})
