import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { type ApiClient, withApi } from '../../../src/entry/cli/api-client.ts'
import { readAnswer } from '../../../src/entry/cli/ndjson.ts'

describe('the way to the server', () => {
  it('brings the token, and reads an answer while its question is still being written', async (t) => {
    let authorization: string | undefined
    const host = await serving(t, (request, response) => {
      authorization = request.headers.authorization
      request.pipe(response)
    })
    const heard: object[] = []
    await withApi(host, async (api) => {
      let ask = (_line: string) => {}
      const questions = new Readable({ read() {} })
      ask = (line) => questions.push(line)
      ask('{"n":1}\n')
      const answer = await api.stream(post('/check', questions))
      for await (const lines of readAnswer<{ n: number }>(answer)) {
        heard.push(...lines)
        if (heard.length < 3) ask(`{"n":${heard.length + 1}}\n`)
        else questions.push(null)
      }
    })
    assert.deepEqual(heard, [{ n: 1 }, { n: 2 }, { n: 3 }])
    assert.equal(authorization, 'Bearer secret')
  })

  it('words a refusal as the server does, a line for each mistake', async (t) => {
    const refusals = [
      [{ code: 'invalid-value', field: 'from', detail: 'is wrong' }, 2, 'from: is wrong'],
      [{ code: 'unknown-list', detail: 'no such list' }, 2, 'no such list'],
      [{ code: 'unavailable', detail: 'try again later' }, 1, 'try again later'],
      [
        {
          code: 'invalid-value',
          detail: '1',
          errors: [
            { field: 'a', detail: '1' },
            { field: 'b', detail: '2' },
          ],
        },
        2,
        'a: 1\nb: 2',
      ],
    ] as const
    for (const [problem, exitCode, message] of refusals) {
      const host = await serving(t, (_request, response) => {
        response.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
      })
      await assert.rejects(
        withApi(host, (api) => api.get('/x')),
        { exitCode, message },
      )
    }
  })

  it('tells of a server that answers something else, goes away or is not there', async (t) => {
    const proxy = await serving(t, (_request, response) => void response.writeHead(502).end('<html>'))
    await assert.rejects(withApi(proxy, get), { exitCode: 1, message: 'the server answered 502' })
    const dying = await serving(t, (request) => void request.socket.destroy())
    await assert.rejects(withApi(dying, get), { exitCode: 1, message: /^the server went away/ })
    const gone = {
      ...dying,
      connect: async () => ({ ...(await dying.connect()), url: 'http://127.0.0.1:9' }),
    }
    await assert.rejects(withApi(gone, get), { exitCode: 1, message: /^the server does not answer/ })
  })

  it('does not take an answer that breaks off, or ends in a problem, for a whole one', async (t) => {
    const read = (api: ApiClient) =>
      api.stream({ method: 'GET', path: '/x' }).then(async (answer) => {
        for await (const _ of readAnswer(answer));
      })
    for (const end of [
      (response: Parameters<RequestListener>[1]) => response.destroy(),
      (response: Parameters<RequestListener>[1]) => response.end('{"n":'),
    ]) {
      const host = await serving(t, (_request, response) => {
        response.write('{"n":1}\n', () => end(response))
      })
      await assert.rejects(withApi(host, read), {
        exitCode: 1,
        message: 'the answer of the server broke off',
      })
    }
    const refusing = await serving(t, (_request, response) => {
      response.end('{"n":1}\n{"problem":{"code":"unavailable","detail":"the database is away"}}\n')
    })
    await assert.rejects(withApi(refusing, read), { exitCode: 1, message: 'the database is away' })
  })
})

const get = (api: ApiClient) => api.get('/x')

function post(path: string, content: Readable) {
  return { method: 'POST', path, body: { type: 'application/x-ndjson', content } } as const
}

async function serving(t: TestContext, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const connection = {
    url: `http://127.0.0.1:${port}`,
    token: 'secret',
    serverRuns: true,
    close: async () => {},
  }
  return { env: {}, version: '0', serve: async () => {}, connect: async () => connection }
}
