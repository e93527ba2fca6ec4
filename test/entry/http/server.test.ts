import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { createServer, listen } from '../../../src/entry/http/server.ts'
import { openRaw } from './raw-http.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

describe('a listener', () => {
  it('says where it listens, and that an address is taken', async (t) => {
    const first = await listen(
      createServer(() => {}, undefined),
      { host: '127.0.0.1', port: 0 },
    )
    t.after(first.close)
    const { hostname, port } = new URL(first.url)
    assert.equal(hostname, '127.0.0.1')
    const again = listen(
      createServer(() => {}, undefined),
      { host: hostname, port: Number(port) },
    )
    await assert.rejects(again, { code: 'EADDRINUSE' })
    const six = await listen(
      createServer(() => {}, undefined),
      { host: '::1', port: 0 },
    )
    t.after(six.close)
    assert.match(six.url, /^http:\/\/\[::1\]:\d+$/)
  })

  it('answers a client that closes its side as soon as it has asked', async (t) => {
    const server = createServer((_request, response) => {
      setTimeout(() => response.end('done'), 20)
    }, undefined)
    const listener = await listen(server, { host: '127.0.0.1', port: 0 })
    t.after(listener.close)
    const { hostname, port } = new URL(listener.url)
    const socket = connect(Number(port), hostname)
    socket.end(REQUEST)
    assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n.*done/s)
  })

  it('ends although a client has connected and says nothing', async () => {
    const listener = await listen(
      createServer(() => {}, undefined),
      { host: '127.0.0.1', port: 0 },
    )
    const silent = await openRaw(listener.url)
    const started = performance.now()
    await listener.close()
    assert.ok(performance.now() - started < 11_000)
    assert.equal(await silent.closed(), '')
  })

  it('ends by letting requests under way end, at once after them, however long a client would keep its connection', async () => {
    let answer: ServerResponse | undefined
    const asked = Promise.withResolvers<void>()
    const listener = await listen(
      createServer((request, response) => {
        if (request.url === '/at-once') return void response.end('done')
        answer = response
        asked.resolve()
      }, undefined),
      { host: '127.0.0.1', port: 0 },
    )
    const [idle, busy] = [await openRaw(listener.url), await openRaw(listener.url)]
    idle.write(REQUEST.replace('/', '/at-once'))
    await idle.next()
    busy.write(REQUEST)
    await asked.promise
    let ended = false
    const closing = listener.close().then(() => {
      ended = true
    })
    await idle.closed()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(ended, false)
    const started = performance.now()
    answer?.end('done')
    assert.equal((await busy.next()).body, 'done')
    await closing
    assert.ok(performance.now() - started < 2_000)
  })

  it('refuses a certificate that is none', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const key = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    assert.throws(() => createServer(() => {}, { cert: Buffer.from('no certificate'), key }))
  })
})
