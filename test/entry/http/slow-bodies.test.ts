import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import Fastify from 'fastify'
import { endSlowBodies } from '../../../src/entry/http/slow-bodies.ts'

const HEAD =
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\n'

test('a body that does not come to its end is hung up on; one that does is answered', async (t) => {
  const app = Fastify()
  t.after(() => app.close())
  endSlowBodies(app, 100)
  app.post('/', async ({ body }) => body)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const say = async (...words: string[]) => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    for (const word of words) socket.write(word)
    return text(socket)
  }
  assert.match(await say(HEAD, 'wh', 'ole'.slice(0, 2)), /^HTTP\/1\.1 200 [\s\S]*whol$/)
  assert.doesNotMatch(await say(HEAD, 'wh'), /200/)
})
