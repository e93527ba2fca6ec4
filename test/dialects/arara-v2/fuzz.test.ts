import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc, runs } from '../../support/properties.ts'
import { ADMIN, araraV2Api } from './arara-v2-api.ts'

const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/token'],
  ['POST', '/unsubscribe-receivers'],
  ['PUT', '/re-subscribers'],
  ['POST', '/send'],
  ['POST', '/errorfilter'],
  ['PUT', '/errorfilter'],
]

/** Bodies that are right, to be spoilt. */
const RIGHT: Record<string, unknown> = {
  '/token': { name: ADMIN.name, key: ADMIN.key },
  '/unsubscribe-receivers': { 'header-from': 'fuzz@example.com' },
  '/re-subscribers': { 'header-from': 'fuzz@example.com', 'to-addresses': ['a@example.jp'] },
  '/send': {
    delivery: [
      {
        'mailing-list': [
          {
            to: { address: 'a@example.jp', device: 0 },
            substitutions: { k: 'v' },
            unsubscribe_url: 'https://x.example/',
          },
        ],
        contents: {
          subject: '##k##',
          body: { text: '##k##', html: '<p>##k##' },
          encode: 1,
          'attachments-list': [{ filename: 'a.txt', mimetype: 'text/plain', data: 'YQ==' }],
          cc: 'b@example.jp',
          bcc: 'c@example.jp',
        },
        settings: {
          send_time: 'now',
          from: { name: 'N', address: 'fuzz@example.com' },
          reply_to: { address: 'r@example.com' },
          throttle: 100,
        },
      },
    ],
  },
  '/errorfilter': { items: [{ address: 'a@example.jp', count: 1 }] },
}

const ODD = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '',
    ' ',
    '\0',
    '\ud800',
    '%',
    '💣'.repeat(50),
    [],
    {},
    [[]],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Puts something odd in the place of one of a value's parts. */
function spoil(value: unknown, path: readonly number[], odd: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined || typeof value !== 'object' || value === null) return odd
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return odd
  const spoilt = spoil((value as Record<string, unknown>)[key], rest, odd)
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? spoilt : item))
  return { ...value, [key]: spoilt }
}

describe('whatever a client sends', () => {
  const { installation, call } = araraV2Api()

  const isAnswered = async (method: string, path: string, body: string | Uint8Array | undefined) => {
    const { status, json, text, type } = await call(method, path, body, {
      authorization: `Bearer ${ADMIN.key}`,
    })
    assert.ok(status < 500, `${method} ${path} ${status} ${text} to ${body}`)
    if (status >= 400) {
      assert.match(type ?? '', /^application\/json/)
      assert.deepEqual(Object.keys(json), ['message'])
    }
  }

  test('right bodies are taken', async () => {
    for (const [method, path] of ROUTES) {
      const { status, text } = await call(method, path, RIGHT[path])
      assert.ok(status < 300, `${method} ${path} ${status} ${text}`)
    }
  })

  test('right bodies with something odd in them are answered, never with a failure of ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ROUTES.filter(([, path]) => path !== '/token')),
        fc.array(fc.nat(20), { maxLength: 6 }),
        ODD,
        async ([method, path], where, odd) => {
          await isAnswered(method, path, JSON.stringify(spoil(RIGHT[path], where, odd)) ?? '')
        },
      ),
      { numRuns: runs(150) },
    )
  })

  test('bytes that are no JSON are answered with 400', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ROUTES),
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 200 }),
          fc.string({ minLength: 1 }).map((text) => Buffer.from(`{"a":${text}`)),
        ),
        async ([method, path], bytes) => isAnswered(method, path, bytes),
      ),
      { numRuns: runs(150) },
    )
    for (const body of [
      '['.repeat(60_000),
      `{"header-from":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      '{"__proto__":{"header-from":"a@example.com"}}',
      '{"constructor":{"prototype":{}}}',
      Buffer.from('\ufeff{"header-from":"bom@example.com"}'),
      Buffer.from('{"header-from":"a@example.com"}', 'utf16le'),
      `{"header-from":1e999999,"x":${'9'.repeat(10_000)}}`,
    ]) {
      for (const [method, path] of ROUTES) await isAnswered(method, path, body)
    }
  })

  test('queries and paths of every kind are answered', async () => {
    const value = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'a@example.jp',
        '2026-10-01',
        '2026-10-01T00:00 09:00',
        '-0001-01-01',
        '9999-12-31+14:00',
        '275760-09-13',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/unsubscribers/auto-assigned',
          '/unsubscribers/opaque-part',
          '/send',
          '/send/results',
        ),
        fc.array(
          fc.tuple(fc.constantFrom('header-from', 'date', 'timemin', 'timemax', 'request_id'), value),
          { maxLength: 4 },
        ),
        async (path, entries) => {
          const query = new URLSearchParams(entries.map(([key, given]) => [key, given.toWellFormed()]))
          await isAnswered('GET', `${path}?${query}`, undefined)
        },
      ),
      { numRuns: runs(100) },
    )
    for (const path of [
      '/send/-1',
      '/send/1e9',
      '/send/99999999999999999999',
      `/send/${'9'.repeat(500)}`,
      '/send/%00',
      '/send/1/2/3',
      '/unsubscribers/',
      '/send?date=%ff%fe',
    ]) {
      await isAnswered('GET', path, undefined)
      await isAnswered('DELETE', path, undefined)
    }
  })

  test('millions of mistakes are refused without being counted', async () => {
    const wrong = (count: number) => `[${'{},'.repeat(count)}{}]`
    const one = `{"mailing-list":${wrong(9_000)}}`
    const before = process.memoryUsage().rss
    for (const [method, path, body, status] of [
      ['POST', '/send', `{"delivery":[{"mailing-list":${wrong(8_000_000)}}]}`, 413],
      ['POST', '/send', `{"delivery":${wrong(8_000_000)}}`, 413],
      ['POST', '/send', `{"delivery":[${Array(100).fill(one).join()}]}`, 413],
      ['POST', '/send', `{"delivery":[${Array(5).fill(one).join()}]}`, 400],
      ['PUT', '/re-subscribers', `{"header-from":"a@example.com","to-addresses":${wrong(1_000_000)}}`, 413],
      ['POST', '/errorfilter', `{"items":${wrong(1_000_000)}}`, 413],
    ] as const) {
      const answer = await call(method, path, body)
      assert.equal(answer.status, status, answer.text.slice(0, 200))
      assert.ok(answer.text.length < 5_000)
    }
    assert.ok(process.memoryUsage().rss - before < 1_500 * 1_024 * 1_024)
  })

  test('the server is as it was', async () => {
    assert.equal((await fetch(`${installation().url}/unsubscribers/x`)).status, 404)
    assert.equal((await call('GET', '/send?request_id=x')).status, 200)
  })
})

describe('a body that does not end', () => {
  const { installation, ready } = araraV2Api()

  test('is refused by its length before it is held in memory', async () => {
    await ready()
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1_024).fill(0x20)),
    })
    const request = fetch(`${installation().url}/unsubscribe-receivers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN.key}` },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    const status = await request.then(
      (response) => response.status,
      () => 'hung up',
    )
    assert.ok(status === 413 || status === 'hung up', String(status))
  })
})
