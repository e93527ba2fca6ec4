import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { it } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import type { Lifetime } from '../../support/temp-dir.ts'
import { startNativeApi, VIEWER_KEY } from './native-api.ts'

const CREDENTIALS = { user: 'kaijo', pass: 'secret-word' }
const PATH = '/services/10/relay'

async function sinking(t: Lifetime) {
  const sink = await startSmtpSink({ credentials: CREDENTIALS })
  t.after(() => sink.close())
  return { sink, url: `smtp://kaijo:secret-word@127.0.0.1:${sink.port}` }
}

forEachEngine((engine) => {
  it('is set, shown without its password and taken away, and each is on record', async (t) => {
    const { call, database } = await startNativeApi(t, { engine })
    const before = (await call('GET', PATH)).body
    assert.equal(before.url, null)
    const url = 'smtp://kaijo:secret-word@relay.example:587'
    const set = await call('PUT', PATH, { url, revision: before.revision })
    assert.deepEqual([set.status, set.body.url], [200, 'smtp://kaijo:***@relay.example:587'])
    assert.deepEqual(
      (await call('GET', PATH, undefined, { authorization: `Bearer ${VIEWER_KEY}` })).body,
      set.body,
    )
    const [row] = await database.read(database.query.selectFrom('service_relay').selectAll())
    assert.ok(!row?.sealed_url.includes('secret-word') && !row?.sealed_url.includes('relay.example'))

    const gone = await call('PUT', PATH, { url: null, revision: set.body.revision })
    assert.deepEqual(gone.body, before)
    assert.deepEqual(await database.read(database.query.selectFrom('service_relay').selectAll()), [])

    const { text, body } = await call('GET', '/audit?action=service.relay')
    assert.ok(!text.includes('secret-word'))
    const details = body.items.map(({ action, detail }: Record<string, unknown>) => [action, detail])
    assert.deepEqual(details, [
      ['service.relay', { relay: null, before: { relay: set.body.url } }],
      ['service.relay', { relay: set.body.url, before: { relay: null } }],
    ])
  })

  it('of two people who set it, the second is told, even if the first changed the password alone', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const url = (password: string, host = 'relay.example') => `smtp://kaijo:${password}@${host}`
    const { body: seen } = await call('PUT', PATH, { url: url('one') })
    const other = await call('PUT', PATH, { url: url('two'), revision: seen.revision })
    assert.equal(other.body.url, seen.url)
    for (const late of [url('three', 'elsewhere.example'), null]) {
      const refused = await call('PUT', PATH, { url: late, revision: seen.revision })
      assert.deepEqual([refused.status, refused.body.code], [409, 'changed-meanwhile'])
    }
    assert.deepEqual((await call('GET', PATH)).body, other.body)

    const { revision } = other.body
    const atOnce = ['a', 'b', 'c', 'd'].map((name) => call('PUT', PATH, { url: url(name), revision }))
    const statuses = (await Promise.all(atOnce)).map(({ status }) => status)
    assert.deepEqual(statuses.toSorted(), [200, 409, 409, 409])
  })

  it('is tried before and after it is set, which mails nobody and goes on record', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const { sink, url } = await sinking(t)
    const outcome = async (body: object) => (await call('POST', `${PATH}/try`, body)).body.outcome
    assert.equal(await outcome({}), 'none')
    const wrong = url.replace('secret-word', 'wrong-word')
    assert.equal(await outcome({ url: wrong }), 'sign-in-refused')
    const ready = await call('POST', `${PATH}/try`, { url })
    assert.deepEqual([ready.body.outcome, ready.body.isSignedIn], ['ready', true])
    assert.equal((await call('GET', PATH)).body.url, null)
    await call('PUT', PATH, { url })
    assert.equal(await outcome({}), 'ready')
    assert.equal(sink.messages.length, 0)

    const { text, body } = await call('GET', '/audit?action=service.relay-try')
    assert.ok(!text.includes('secret-word') && !text.includes('wrong-word'))
    const shown = url.replace('secret-word', '***')
    assert.deepEqual(
      body.items.map(({ detail }: { detail: object }) => detail),
      [
        { relay: shown, outcome: 'ready' },
        { relay: shown, outcome: 'ready' },
        { relay: shown, outcome: 'sign-in-refused' },
        { relay: null, outcome: 'none' },
      ],
    )
  })

  it('is tried for one at a time, so that nobody scans a network by it', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(async () => {
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const silent = call('POST', `${PATH}/try`, { url: `smtp://127.0.0.1:${port}` })
    const [socket] = (await once(server, 'connection')) as [Socket]
    const { url } = await sinking(t)
    assert.equal((await call('POST', `${PATH}/try`, { url })).body.code, 'wrong-state')
    socket.end('554 not here\r\n')
    assert.equal((await silent).body.outcome, 'no-smtp')
    assert.equal((await call('POST', `${PATH}/try`, { url })).body.outcome, 'ready')
  })

  it('that is none is refused before anything is connected to or stored', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    for (const url of [
      'http://relay.example',
      'smtp://user:***@relay.example',
      'smtp://relay.example:0',
      7,
    ]) {
      for (const [method, path] of [
        ['PUT', PATH],
        ['POST', `${PATH}/try`],
      ] as const) {
        const { status, body } = await call(method, path, { url })
        assert.deepEqual([status, body.field], [400, 'url'], `${method} ${url}`)
      }
    }
    assert.equal((await call('GET', PATH)).body.url, null)
  })
})
