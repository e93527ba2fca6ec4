import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { sharedInstallation } from '../../support/installation.ts'
import { fc, runs } from '../../support/properties.ts'
import { ADMIN, addSites } from './vendor-client.ts'

const PATHS = [
  ...['unsubscribes/list', 'unsubscribes/cancel', 'blocks/list', 'blocks/cancel', 'bounces/list'],
  ...['deliveries/list', 'statistics/list', 'auditlogs/list', 'unsubscribes/download', 'bounces/download'],
]
const PARAMETERS = [
  ...['server_composition', 'email', 'filter_name', 'start_date', 'end_date', 'date', 'hour', 'minute'],
  ...[
    'p',
    'r',
    'status',
    'from',
    'to',
    'search_option',
    'year',
    'month',
    'total',
    'type',
    'account',
    'removed',
  ],
]
/** Texts that are no JSON, or JSON of which parsers disagree. */
const BODIES = [
  ...[
    '',
    ' ',
    '{',
    '[',
    '}',
    'null',
    'true',
    '1',
    '"x"',
    '[]',
    '{}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":NaN}',
    '[1e9999]',
  ],
  ...[
    '{"a":-}',
    '{"a":01}',
    '{"\\u0000":1}',
    '{"a":"\\ud800"}',
    '{"a":"\t"}',
    '\ufeff{}',
    '{"__proto__":{"x":1}}',
  ],
  ...['{"constructor":{"prototype":{"x":1}}}', '{"a":1}{"a":2}', '{"a":1e400}', `${'['.repeat(100_000)}`],
  ...[
    `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    `{"email":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  ],
  ...[
    'api_user',
    '=',
    '&&&',
    'a=%',
    'a=%zz',
    'a=%ff',
    'a=%ED%A0%80',
    '%00=%00',
    'a=1&a=2',
    'email[]=a',
    '__proto__=x',
  ],
]

describe('whatever comes to the interface of Customers Mail Cloud', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http' }))
  let world: Awaited<ReturnType<typeof addSites>>
  before(async () => {
    world = await addSites(installation())
  })

  /** In its own form, and no failure of ours. */
  const check = async (path: string, body: string | Buffer, type: string) => {
    const { status, type: answered, text } = await world.post(path, body, { 'content-type': type })
    assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${path} ${text.slice(0, 200)}`)
    if (status === 200) return
    if (path.endsWith('.xml')) assert.match(text, /^<errors>\n<error>/)
    else assert.ok((JSON.parse(text) as { errors: unknown[] }).errors.length > 0)
    assert.match(answered, path.endsWith('.xml') ? /^application\/xml/ : /^application\/json/)
  }

  it('bodies that cannot be read, or only just, are refused', async () => {
    // All at once: each wrong sign-in is held back for seconds.
    const checks = BODIES.flatMap((body) =>
      ['application/json', 'application/x-www-form-urlencoded'].flatMap((type) => [
        check('unsubscribes/cancel.json', body, type),
        check('bounces/list.xml', body, type),
      ]),
    )
    await Promise.all(checks)
  })

  it('bytes of other encodings are refused', async () => {
    const json = (bytes: number[]) =>
      Buffer.concat([Buffer.from('{"email":"'), Buffer.from(bytes), Buffer.from('"}')])
    const bodies = [
      json([0xff]),
      json([0x82, 0xa0]),
      json([0xed, 0xa0, 0x80]),
      json([0xc0, 0xaf]),
      Buffer.from('{}', 'utf16le'),
    ]
    const types = [
      ...['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'x'],
      'application/json; charset=utf-16',
    ]
    await Promise.all([
      ...bodies.map((body) => check('unsubscribes/cancel.json', body, 'application/json')),
      ...types.map((type) => check('unsubscribes/list.json', '{}', type)),
    ])
  })

  it('parameters of any type and size are answered, also with the right key', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.double(),
      fc.maxSafeInteger(),
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(
        'news',
        '2026-10-01',
        '9999-12-31',
        '0000-01-01',
        'login',
        'full',
        '1'.repeat(400),
        'x'.repeat(5_000),
      ),
      fc.constantFrom(
        '[{"address":"a@example.jp"}]',
        '{"email":1}',
        '[[]]',
        ' [',
        '{"to":"full"}',
        '-1',
        '1e3',
        '0x1',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        fc.constantFrom('json', 'xml'),
        fc.dictionary(fc.constantFrom(...PARAMETERS), value),
        async (path, format, given) => {
          const params = { server_composition: 'news', ...given, ...ADMIN }
          await check(`${path}.${format}`, JSON.stringify(params), 'application/json')
          const texts = Object.entries(params).map(([name, each]) => [name, String(each).toWellFormed()])
          const form = new URLSearchParams(texts as [string, string][]).toString()
          await check(`${path}.${format}`, form, 'application/x-www-form-urlencoded')
        },
      ),
      { numRuns: runs(100) },
    )
  })
})
