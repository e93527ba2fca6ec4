import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTransport } from 'nodemailer'
import { type KaijoOptions, kaijo, kaijoTransport } from '../../src/nodemailer/kaijo.ts'
import { freePort } from '../support/free-port.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { type SomeKaijo, someKaijo, someServer } from './some-kaijo.ts'

describe('a mail of which Kaijo cannot be asked', () => {
  const endings: (() => Promise<void>)[] = []
  const life: Lifetime = { after: (end: () => Promise<void>) => void endings.push(end) }
  let sink: SmtpSink
  let server: SomeKaijo

  before(async () => {
    sink = await startSmtpSink()
    server = await someKaijo(life, sink)
  })
  after(async () => {
    for (const end of endings.reverse()) await end()
    await sink.close()
  })

  const failure = async (options: Partial<KaijoOptions>, signal?: AbortSignal) => {
    const transporter = createTransport({ host: '127.0.0.1', port: sink.port, ignoreTLS: true })
    transporter.use('stream', kaijo({ ...server.options, ...options }))
    const mail = { from: 'news@example.com', to: 'taro@example.jp', subject: 'Hi', text: 'Hello', signal }
    const error = await transporter.sendMail(mail).catch((error) => error)
    assert.equal(sink.messages.length, 0)
    const { code, permanent, message } = error
    return [code, permanent, message]
  }

  it('is not sent when nothing listens there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    assert.deepEqual(await failure({ url }), [
      'EKAIJOUNAVAILABLE',
      false,
      `Kaijo at ${url} cannot be reached (ECONNREFUSED)`,
    ])
  })

  it('is not sent when there is no answer in time', async (t) => {
    const url = await someServer(t, () => {})
    assert.deepEqual(await failure({ url, timeoutMs: 100 }), [
      'EKAIJOUNAVAILABLE',
      false,
      `Kaijo at ${url} did not answer within 100 ms`,
    ])
  })

  it('is not sent when the answer stalls half way', async (t) => {
    const url = await someServer(t, (_request, response) => void response.writeHead(200).write('{'))
    assert.deepEqual((await failure({ url, timeoutMs: 100 }))[0], 'EKAIJOUNAVAILABLE')
  })

  it('is not sent when the answer is 503, nonsense or a redirect', async (t) => {
    const answers = [
      [503, '{"code":"unavailable","detail":"the database is away"}', 'Kaijo: the database is away'],
      [502, '<html>', 'Kaijo: it answered 502'],
      [200, '<html>', /gave an answer that cannot be read$/],
      [302, '', /cannot be reached/],
    ] as const
    for (const [status, body, message] of answers) {
      const url = await someServer(t, (_request, response) =>
        response.writeHead(status, { location: server.options.url }).end(body),
      )
      const [code, permanent, said] = await failure({ url })
      assert.deepEqual([code, permanent], ['EKAIJOUNAVAILABLE', false])
      assert.match(said, message instanceof RegExp ? message : new RegExp(`^${message}$`))
    }
  })

  it('is not sent when the key is wrong', async () => {
    const [code, permanent, message] = await failure({ key: 'not-the-key' })
    assert.deepEqual([code, permanent], ['EKAIJOAUTH', true])
    assert.doesNotMatch(message, /not-the-key/)
  })

  it('is not sent when the key may not ask', async () => {
    assert.equal((await failure({ key: server.sendOnlyKey }))[0], 'EKAIJOAUTH')
  })

  it('is not sent when there is no such service', async () => {
    assert.equal((await failure({ service: 4711 }))[0], 'EKAIJOREFUSED')
  })

  it('is not sent when its sender gives up', async (t) => {
    const url = await someServer(t, () => {})
    assert.equal((await failure({ url }, AbortSignal.timeout(100)))[0], 'EABORT')
  })

  it('is asked of once more when the connection has ended meanwhile', async (t) => {
    let calls = 0
    const url = await someServer(t, (request, response) => {
      if (++calls === 1) return void request.socket.destroy()
      response.writeHead(403, { 'content-type': 'application/problem+json' }).end('{"detail":"asked twice"}')
    })
    assert.deepEqual((await failure({ url }))[2], 'Kaijo: asked twice')
  })

  it('is asked of as a user by name where several have the key', async () => {
    const transporter = createTransport(kaijoTransport({ ...server.options, user: 'app' }))
    assert.equal(await transporter.verify(), true)
    const stranger = createTransport(kaijoTransport({ ...server.options, user: 'nobody' }))
    await assert.rejects(async () => stranger.verify(), { code: 'EKAIJOAUTH' })
  })

  it('needs options that can work', () => {
    for (const [options, message] of [
      [{ url: 'kaijo.example' }, 'kaijo: url must be an http or https URL'],
      [{ url: undefined }, 'kaijo: url must be an http or https URL'],
      [{ service: 'news' }, 'kaijo: service must be the number of a service'],
      [{ key: undefined }, 'kaijo: key must be the key of an API user'],
    ] as const) {
      for (const make of [kaijo, kaijoTransport]) {
        assert.throws(() => make({ ...server.options, ...options } as KaijoOptions), {
          code: 'EKAIJOCONFIG',
          message,
        })
      }
    }
  })
})
