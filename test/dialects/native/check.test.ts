import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import { ADMIN_KEY, NOW, startNativeApi } from './native-api.ts'

const NDJSON = { 'content-type': 'application/x-ndjson' }
const SINCE = new Date(NOW).toISOString()

async function withStopped(
  t: Parameters<typeof startNativeApi>[0],
  options?: Parameters<typeof startNativeApi>[1],
) {
  const api = await startNativeApi(t, options)
  const stopped = { list: 'sender:news@example.com', addresses: ['stopped@example.jp'] }
  await api.call('POST', '/services/10/suppressions', stopped)
  const blocked = { list: 'blocklist', addresses: ['blocked@example.jp'] }
  await api.call('POST', '/services/10/suppressions', blocked)
  return api
}

test('a check parts recipients into deliverable, excluded with list, reason and since, and malformed', async (t) => {
  const { call } = await withStopped(t)
  const recipients = ['A@example.jp', 'STOPPED@example.jp', 'nobody', 'blocked@example.jp', 'a\0@example.jp']
  const { status, body } = await call('POST', '/services/10/check', {
    from: 'News <news@example.com>',
    recipients,
  })
  assert.equal(status, 200)
  assert.deepEqual(body, {
    deliverable: ['A@example.jp'],
    excluded: [
      {
        address: 'STOPPED@example.jp',
        list: 'sender:news@example.com',
        reason: 'listed',
        since: SINCE,
      },
      { address: 'blocked@example.jp', list: 'blocklist', reason: 'blocked', since: SINCE },
    ],
    malformed: ['nobody', 'a\0@example.jp'],
  })
  const transactional = { from: 'news@example.com', transactional: true, recipients }
  const answer = await call('POST', '/services/10/check', transactional)
  assert.deepEqual(answer.body.deliverable, ['A@example.jp', 'STOPPED@example.jp'])
})

test('more than 10,000 recipients in one JSON body are too many', async (t) => {
  const { call } = await startNativeApi(t)
  const check = (count: number) =>
    call('POST', '/services/10/check', {
      from: 'news@example.com',
      recipients: Array.from({ length: count }, (_, index) => `r${index}@example.jp`),
    })
  assert.equal((await check(10_000)).body.deliverable.length, 10_000)
  const { status, body } = await check(10_001)
  assert.deepEqual([status, body.code, body.field], [413, 'too-many-recipients', 'recipients'])
})

test('a stream is answered line by line in its own order, repeats and malformed ones included', async (t) => {
  const { call } = await withStopped(t)
  const lines = [
    { from: 'news@example.com' },
    'stopped@example.jp',
    'a@example.jp',
    'nobody',
    'Stopped@example.jp',
    'a@example.jp',
  ]
  const payload = `${lines.map((line) => JSON.stringify(line)).join('\r\n\n')}`
  const { status, type, text } = await call('POST', '/services/10/check', payload, NDJSON)
  assert.deepEqual([status, type], [200, 'application/x-ndjson'])
  const exclusion = { list: 'sender:news@example.com', reason: 'listed', since: SINCE }
  assert.deepEqual(readLines(text), [
    { address: 'stopped@example.jp', deliverable: false, ...exclusion },
    { address: 'a@example.jp', deliverable: true },
    { address: 'nobody', deliverable: false, malformed: true },
    { address: 'Stopped@example.jp', deliverable: false, ...exclusion },
    { address: 'a@example.jp', deliverable: true },
  ])
})

test('a first line that is no mail is refused as a whole', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [string, string, string | undefined][] = [
    ['', 'malformed-body', undefined],
    ['\n\n', 'malformed-body', undefined],
    ['{"from":', 'malformed-body', undefined],
    ['"a@example.jp"\n', 'invalid-value', undefined],
    ['{"from":"news@example.com","recipients":[]}\n', 'unknown-field', 'recipients'],
    ['{"from":"nobody"}\n', 'invalid-value', 'from'],
    ['{"from":"news@example.com","headers":{"X-List":"a\\r\\nb"}}\n', 'invalid-value', 'headers.X-List'],
    [`{"from":"${'x'.repeat(70_000)}`, 'too-large', undefined],
  ]
  for (const [payload, code, field] of refused) {
    const { status, body } = await call('POST', '/services/10/check', payload, NDJSON)
    assert.ok(status === 400 || status === 413)
    assert.deepEqual([body.code, body.field], [code, field], payload.slice(0, 60))
  }
})

test('a mistake further down ends the answer with a problem: nobody behind it is called deliverable', async (t) => {
  const { call } = await startNativeApi(t)
  for (const [line, code] of [
    ['{"to":"a@example.jp"}', 'invalid-value'],
    ['oops', 'malformed-body'],
  ]) {
    const payload = `{"from":"news@example.com"}\n${line}\n"a@example.jp"\n`
    const { status, text } = await call('POST', '/services/10/check', payload, NDJSON)
    const [last, ...others] = readLines(text).toReversed()
    assert.deepEqual([status, last?.problem.code, others], [200, code, []])
    assert.match(last?.problem.detail + last?.problem.field, /line 2/)
  }
})

test('when the look-up cannot be made the whole check fails, in a stream too', async (t) => {
  const away = async () => {
    throw new DatabaseUnavailable('the disk is full at /var/lib')
  }
  const { call } = await startNativeApi(t, { change: () => ({ checkRecipients: away }) })
  const recipients = ['a@example.jp']
  const { status, body, headers, text } = await call('POST', '/services/10/check', {
    from: 'a@example.com',
    recipients,
  })
  assert.deepEqual([status, body.code, headers['retry-after']], [503, 'unavailable', '5'])
  assert.doesNotMatch(text, /disk/)
  const stream = await call(
    'POST',
    '/services/10/check',
    '{"from":"a@example.com"}\n"a@example.jp"\n',
    NDJSON,
  )
  assert.deepEqual(
    readLines(stream.text).map((line) => line.problem?.code),
    ['unavailable'],
  )
})

test('what is sent is answered before more is sent, and nothing is read that nobody takes', async (t) => {
  const { app } = await startNativeApi(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const request = httpRequest({
    ...{ host: '127.0.0.1', port, method: 'POST', path: '/api/v1/services/10/check' },
    headers: { ...NDJSON, authorization: `Bearer ${ADMIN_KEY}` },
  })
  request.write('{"from":"news@example.com"}\n"first@example.jp"\n')
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const answers = createInterface({ input: response })[Symbol.asyncIterator]()
  assert.deepEqual(JSON.parse(String((await answers.next()).value)), {
    address: 'first@example.jp',
    deliverable: true,
  })

  response.pause()
  const written = await writeUntilStuck(
    request,
    `${JSON.stringify(`${'x'.repeat(50)}@example.jp`)}\n`.repeat(1_000),
  )
  assert.ok(written < 400, `${written} × 64 KB were taken in while nobody read the answers`)
  request.destroy()
})

test('a mistake amid a long upload is answered, and the connection takes the next request', async (t) => {
  const { app } = await startNativeApi(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  let connections = 0
  app.server.on('connection', () => connections++)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const check = async (head: string) => {
    const request = httpRequest({
      ...{ host: '127.0.0.1', port, agent, method: 'POST', path: '/api/v1/services/10/check' },
      headers: { ...NDJSON, authorization: `Bearer ${ADMIN_KEY}` },
      signal: AbortSignal.timeout(20_000),
    })
    request.end(head + '"a@example.jp"\n'.repeat(300_000))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const lines = readLines((await response.toArray()).join(''))
    const { code, problem } = lines.at(-1)
    return [response.statusCode, code ?? problem.code]
  }
  assert.deepEqual(await check('{"from":"nobody"}\n'), [400, 'invalid-value'])
  assert.deepEqual(await check('{"from":"news@example.com"}\noops\n'), [200, 'malformed-body'])
  const late = `{"from":"news@example.com"}\n${'"a@example.jp"\n'.repeat(20_000)}oops\n`
  assert.deepEqual(await check(late), [200, 'malformed-body'])
  assert.deepEqual(await check(`{"from":"${'x'.repeat(300_000)}`), [413, 'too-large'])
  assert.deepEqual(await check('{"from":"nobody"}\n'), [400, 'invalid-value'])
  assert.equal(connections, 1)
})

/** Writes until nothing has been taken for a while. */
async function writeUntilStuck(request: ClientRequest, chunk: string): Promise<number> {
  for (let count = 0; ; count++) {
    if (request.write(chunk)) continue
    const stuck = AbortSignal.timeout(500)
    try {
      await once(request, 'drain', { signal: stuck })
    } catch {
      return count
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: lines of several shapes
function readLines(text: string): any[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
