import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { MESSAGES, type VendorCode } from '../../../src/dialects/customers-mail-cloud-v2/errors.ts'
import { sharedInstallation } from '../../support/installation.ts'
import { ADMIN, addSites, READER, SHOPPER, STRANGER, VIEWER } from './vendor-client.ts'

interface VendorError {
  code: string
  field: string
  message: string
}

const README = new URL('../../../src/dialects/customers-mail-cloud-v2/README.md', import.meta.url)
const NEWS = { server_composition: 'news' }
const DOWNLOAD = 'unsubscribes/download'
const CANCEL = 'unsubscribes/cancel'

/** Each error that seed 004 documents, with the request that calls it forth and the vendor's message for it. */
const DOCUMENTED: [
  code: VendorCode,
  status: number,
  path: string,
  params: object,
  field: string,
  ja: string,
  en: string,
][] = [
  [
    ...(['10-002', 400, DOWNLOAD, { ...READER, server_composition: '無い' }, 'server_composition'] as const),
    '指定されたサーバ構成 無い は存在しません。',
    'The specified server composition 無い does not exist.',
  ],
  [
    ...([
      '10-002',
      400,
      CANCEL,
      { ...STRANGER, ...NEWS, email: 'a@example.jp' },
      'server_composition',
    ] as const),
    '指定されたサーバ構成 news は存在しません。',
    'The specified server composition news does not exist.',
  ],
  [
    ...([
      '10-003',
      400,
      DOWNLOAD,
      { ...READER, ...NEWS, start_date: '2026-10-02', end_date: '2026-10-01' },
    ] as const),
    'start_date',
    '開始日には終了日以前の日付を指定してください。',
    'Specify a start date that is the same as or before the end date.',
  ],
  [
    ...(['12-001', 400, CANCEL, { ...ADMIN, ...NEWS, email: 'nobody@example.jp' }, 'email'] as const),
    'emailで指定されたデータは存在しません。',
    'The data specified by email does not exist.',
  ],
  [
    ...([
      '12-001',
      400,
      CANCEL,
      { ...ADMIN, ...NEWS, email: 'a@example.jp', filter_name: 'x' },
      'email',
    ] as const),
    'emailで指定されたデータは存在しません。',
    'The data specified by email does not exist.',
  ],
  ...[
    { path: DOWNLOAD, params: { ...VIEWER, ...NEWS } },
    { path: DOWNLOAD, params: { ...SHOPPER, ...NEWS } },
    { path: CANCEL, params: { ...READER, ...NEWS, email: 'a@example.jp' } },
    { path: 'auditlogs/list', params: { ...SHOPPER, type: 'login' } },
  ].map(({ path, params }): (typeof DOCUMENTED)[number] => [
    ...(['12-002', 403, path, params, ''] as const),
    '指定されたデータにアクセスする権限がありません。',
    'You do not have permission to access the specified data.',
  ]),
  ...['{"address":', '[1,2', '[1]', '[null]', '[["a@example.jp"]]', '{"address":{}}'].map(
    (email): (typeof DOCUMENTED)[number] => [
      ...(['15-001', 400, CANCEL, { ...ADMIN, ...NEWS, email }, 'email'] as const),
      '値の指定方法(JSONフォーマット)が不正です。',
      'The value is not specified in a valid way (JSON format).',
    ],
  ),
  ...[undefined, '', '  ', '[]', '{"address":""}', '{"address":null,"name":"x"}'].map(
    (email): (typeof DOCUMENTED)[number] => [
      ...(['15-002', 400, CANCEL, { ...ADMIN, ...NEWS, email }, 'email'] as const),
      'メールアドレスの指定がありません。',
      'No email address is specified.',
    ],
  ),
  [
    ...(['15-003', 400, CANCEL, { ...ADMIN, ...NEWS, email: ['a@example.jp', ''] }, 'email'] as const),
    'メールアドレスの指定がありません。(2)',
    'No email address is specified. (2)',
  ],
  [
    ...([
      '15-004',
      400,
      CANCEL,
      { ...ADMIN, ...NEWS, email: [{ name: 'x' }, 'a@example.jp'] },
      'email',
    ] as const),
    'email は必須項目です。(1)',
    'email is required. (1)',
  ],
  [
    ...([
      '15-005',
      400,
      CANCEL,
      { ...ADMIN, ...NEWS, email: Array(1_001).fill('a@example.jp') },
      'email',
    ] as const),
    '指定可能なメールアドレス数を超えました。',
    'The number of email addresses exceeds the limit.',
  ],
  [
    ...([
      '15-006',
      400,
      CANCEL,
      { ...ADMIN, ...NEWS, email: ['a@example.jp', 'A@EXAMPLE.jp'] },
      'email',
    ] as const),
    'メールアドレスが重複しています。(2)',
    'The email address is duplicated. (2)',
  ],
  [
    ...([
      '15-007',
      400,
      CANCEL,
      { ...ADMIN, ...NEWS, email: ['a@example.jp', 'x@example.jp'] },
      'email',
    ] as const),
    'emailで指定されたデータは存在しません。(2)',
    'The data specified by email does not exist. (2)',
  ],
]

describe('the errors of Customers Mail Cloud', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http' }))
  let world: Awaited<ReturnType<typeof addSites>>

  before(async () => {
    world = await addSites(installation())
    await world.stop(await world.listId('filter', '配信リストA'), 'a@example.jp')
  })

  const errorsOf = async (path: string, params: object, headers: Record<string, string> = {}) => {
    const { status, type, text } = await world.json(`${path}.json`, params, headers)
    assert.equal(type, 'application/json; charset=utf-8')
    return { status, errors: (JSON.parse(text) as { errors: VendorError[] }).errors }
  }

  for (const [code, status, path, params, field, ja, en] of DOCUMENTED) {
    const { api_user, api_key: _, ...shown } = params as Record<string, unknown>
    it(`${code} in both languages, for ${path} ${JSON.stringify(shown).slice(0, 90)} by ${api_user}`, async () => {
      const wanted = (message: string) => ({ status, errors: [{ code, field, message }] })
      assert.deepEqual(await errorsOf(path, params, { 'accept-language': 'ja' }), wanted(ja))
      assert.deepEqual(await errorsOf(path, params, { 'accept-language': 'en' }), wanted(en))
      assert.deepEqual(await errorsOf(path, params, { 'accept-language': 'fr' }), wanted(en))
      assert.deepEqual(await errorsOf(path, params), wanted(en))
    })
  }

  it('are the same in XML', async () => {
    const { status, type, text } = await world.json(
      `${DOWNLOAD}.xml`,
      { ...READER, server_composition: '<a> & "b"\u0001' },
      { 'accept-language': 'ja' },
    )
    assert.deepEqual([status, type], [400, 'application/xml; charset=utf-8'])
    assert.equal(
      text.replaceAll('\n', ''),
      '<errors><error><code>10-002</code><field>server_composition</field>' +
        '<message>指定されたサーバ構成 &lt;a&gt; &amp; &quot;b&quot;\ufffd は存在しません。</message></error></errors>',
    )
  })

  it('tell of missing and impossible values', async () => {
    const wrong: [path: string, params: object, code: string, field: string][] = [
      [DOWNLOAD, READER, '10-001', 'server_composition'],
      [DOWNLOAD, { ...READER, ...NEWS, start_date: '2026-02-30' }, '10-004', 'start_date'],
      [DOWNLOAD, { ...READER, ...NEWS, end_date: '1.10.2026' }, '10-004', 'end_date'],
      [DOWNLOAD, { ...READER, ...NEWS, email: { a: 1 } }, '10-004', 'email'],
      ['unsubscribes/list', { ...READER, ...NEWS, r: 101 }, '10-004', 'r'],
      ['unsubscribes/list', { ...READER, ...NEWS, p: -1 }, '10-004', 'p'],
      ['unsubscribes/list', { ...READER, ...NEWS, p: 9e15 }, '10-004', 'p'],
      ['blocks/list', { ...READER, ...NEWS, removed: 'maybe' }, '10-004', 'removed'],
      ['bounces/list', { ...READER, ...NEWS, status: '12' }, '10-004', 'status'],
      ['deliveries/list', { ...READER, ...NEWS }, '10-001', 'date'],
      ['deliveries/list', { ...READER, ...NEWS, date: '2026-10-02' }, '10-006', 'date'],
      ['deliveries/list', { ...READER, ...NEWS, date: '2026-10-01', hour: 24 }, '10-004', 'hour'],
      ['deliveries/list', { ...READER, ...NEWS, date: '2026-10-01', minute: 1 }, '10-001', 'hour'],
      ['deliveries/list', { ...READER, ...NEWS, date: '2026-10-01', status: 'sent' }, '10-004', 'status'],
      ['statistics/list', { ...READER, month: 1 }, '10-001', 'year'],
      ['statistics/list', { ...READER, year: 2026, month: 13 }, '10-004', 'month'],
      ['auditlogs/list', ADMIN, '10-001', 'type'],
      [
        'auditlogs/list',
        { ...ADMIN, type: 'login', start_date: '2026-09-01', end_date: '2026-10-02' },
        '10-005',
        'start_date',
      ],
    ]
    for (const [path, params, code, field] of wrong) {
      const { status, errors } = await errorsOf(path, params)
      assert.deepEqual([status, errors[0]?.code, errors[0]?.field], [400, code, field], path)
    }
  })

  it('never tell whether a user exists, and take longer and longer', async () => {
    const wrong = [
      { api_user: ADMIN.api_user, api_key: 'wrong-key' },
      { api_user: 'nobody@acme.example', api_key: ADMIN.api_key },
      { api_user: ADMIN.api_user },
      { api_key: ADMIN.api_key },
      { api_user: 1, api_key: ['x'] },
    ]
    const answers = []
    for (const credentials of wrong) answers.push(await errorsOf(DOWNLOAD, { ...credentials, ...NEWS }))
    assert.deepEqual(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
    assert.deepEqual(answers[0], {
      status: 401,
      errors: [{ code: '11-001', field: '', message: 'api_user or api_key is not correct.' }],
    })
    assert.equal((await world.json(`${DOWNLOAD}.json`, { ...READER, ...NEWS })).status, 200)
  })

  it('come in their own form for what is no operation, no POST, no form and too large', async () => {
    const { url } = installation()
    const ask = async (path: string, init: RequestInit) => {
      const response = await fetch(`${url}/transaction/v2/${path}`, init)
      const text = await response.text()
      return [
        response.status,
        /\d\d-\d{3}/.exec(text)?.[0],
        response.headers.get('content-type')?.split(';')[0],
      ]
    }
    const [json, xml] = ['application/json', 'application/xml']
    assert.deepEqual(await ask('unsubscribes/list.json', { method: 'GET' }), [405, '90-003', json])
    assert.deepEqual(await ask('unsubscribes/list.xml', { method: 'PUT', body: '<' }), [405, '90-003', xml])
    assert.deepEqual(await ask('nothing/list.xml', { method: 'POST' }), [404, '90-002', xml])
    assert.deepEqual(await ask('unsubscribes/list', { method: 'POST' }), [404, '90-002', json])
    assert.deepEqual(await ask('unsubscribes/%zz.xml', { method: 'POST' }), [404, '90-002', xml])
    assert.deepEqual(await ask('unsubscribes/list.json', { method: 'POST', body: new FormData() }), [
      ...[415, '90-005', json],
    ])
    const body = new Uint8Array(4 * 1_024 * 1_024 + 1)
    const headers = { 'content-type': json }
    assert.deepEqual(await ask('unsubscribes/list.xml', { method: 'POST', body, headers }), [
      413,
      '90-004',
      xml,
    ])
    const allowed = await fetch(`${url}/transaction/v2/unsubscribes/list.json`)
    assert.equal(allowed.headers.get('allow'), 'POST')
  })

  it('are all explained in the README, and none that does not exist', () => {
    const rows = readFileSync(README, 'utf8').matchAll(/^\| (`\d\d-\d{3}`(?:, `\d\d-\d{3}`)*) \|/gm)
    const explained = [...rows].flatMap(([, codes = '']) => codes.replaceAll('`', '').split(', '))
    assert.deepEqual(explained.toSorted(), Object.keys(MESSAGES).toSorted())
  })
})
