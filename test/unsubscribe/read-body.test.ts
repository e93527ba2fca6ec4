import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { readUnsubscribeBody, type UnsubscribeBody } from '../../src/unsubscribe/read-body.ts'

describe('reading the body of a POST', () => {
  it('reads a form to its end', async (t) => {
    const { send } = await serve(t)
    const { body, answer } = await send('Content-Length: 26\r\n\r\nList-Unsubscribe=One-Click')
    assert.deepEqual(body, { verdict: 'one-click', excerpt: 'List-Unsubscribe=One-Click', complete: true })
    assert.match(answer, /^HTTP\/1\.1 200 /)
  })

  it('reads chunks', async (t) => {
    const { send } = await serve(t)
    const { body } = await send(
      'Transfer-Encoding: chunked\r\n\r\n10\r\nList-Unsubscribe\r\n3\r\n=No\r\n0\r\n\r\n',
    )
    assert.deepEqual(body, { verdict: 'other-value', excerpt: 'List-Unsubscribe=No', complete: true })
  })

  it('takes no body for a wish to stop', async (t) => {
    const { send } = await serve(t)
    const { body, answer } = await send('\r\n')
    assert.deepEqual(body, { verdict: 'one-click', excerpt: '', complete: true })
    assert.match(answer, /^HTTP\/1\.1 200 /)
  })

  it('answers a client that waits for 100 Continue', async (t) => {
    const { send } = await serve(t)
    const { body, answer } = await send(
      'Expect: 100-continue\r\nContent-Length: 26\r\n\r\n',
      'List-Unsubscribe=One-Click',
    )
    assert.equal(body.complete, true)
    assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  })

  it('cuts an endless body at 8 KiB and still answers', async (t) => {
    const { send } = await serve(t)
    const { body, answer } = await send(
      `Content-Length: 100000000\r\n\r\nList-Unsubscribe=No&${'x'.repeat(200_000)}`,
    )
    assert.equal(body.complete, false)
    assert.equal(body.verdict, 'other-value')
    assert.equal(body.excerpt.length, 1024)
    assert.match(answer, /^HTTP\/1\.1 200 /)
  })

  it('looks no further than 8 KiB', async (t) => {
    const { send } = await serve(t)
    const text = `${'x'.repeat(8192)}&List-Unsubscribe=No`
    const { body } = await send(`Content-Length: ${text.length}\r\n\r\n${text}`)
    assert.equal(body.verdict, 'one-click')
  })

  it('does not wait for the rest of a body that was announced too long', async (t) => {
    const { send } = await serve(t, 100)
    const { body, answer } = await send('Content-Length: 124\r\n\r\nList-Unsubscribe=One-Click')
    assert.deepEqual(body, { verdict: 'one-click', excerpt: 'List-Unsubscribe=One-Click', complete: false })
    assert.match(answer, /^HTTP\/1\.1 200 /)
  })

  it('decides on what came when the client hangs up', async (t) => {
    for (const hangUp of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
      const { open, read } = await serve(t)
      const socket = open('Content-Length: 124\r\n\r\nList-Unsubs')
      await new Promise((resolve) => setTimeout(resolve, 30))
      hangUp(socket)
      assert.deepEqual(await read, { verdict: 'one-click', excerpt: 'List-Unsubs', complete: false })
    }
  })

  it('survives a connection that breaks after the verdict', async (t) => {
    const { open, read } = await serve(t, 20)
    const socket = open('Content-Length: 124\r\n\r\nx')
    await read
    socket.resetAndDestroy()
    await new Promise((resolve) => setTimeout(resolve, 30))
  })

  it('keeps as evidence what every database can store', async (t) => {
    const { send } = await serve(t)
    const { body } = await send('Content-Length: 4\r\n\r\na\0\xffb')
    assert.equal(body.excerpt, 'a\uFFFD\uFFFDb')
  })
})

/** A server that reads one body; `send` opens a connection, sends the parts after the request line and reads all of the answer. */
async function serve(t: TestContext, mostMs?: number) {
  const { promise: read, resolve } = Promise.withResolvers<UnsubscribeBody>()
  const server = createServer(async (request, response) => {
    const body = await readUnsubscribeBody(request, mostMs === undefined ? {} : { mostMs })
    response.writeHead(200, { connection: 'close' }).end('ok')
    resolve(body)
  }).listen(0, '127.0.0.1')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((listening) => server.once('listening', listening))

  const open = (...parts: string[]): Socket => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.on('error', () => {})
    for (const part of [`POST /x HTTP/1.1\r\nHost: x\r\n${parts[0]}`, ...parts.slice(1)])
      socket.write(part, 'latin1')
    return socket
  }
  const send = async (...parts: string[]) => {
    const socket = open(...parts)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    await new Promise((closed) => socket.once('close', closed))
    return { body: await read, answer }
  }
  return { open, send, read }
}
