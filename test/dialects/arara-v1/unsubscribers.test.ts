import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { readXml, type XmlElement } from '../../../src/dialects/xml/read-xml.ts'
import { rowSet } from '../../../src/storage/row-set.ts'
import { findSender } from '../../../src/tenants/sender.ts'
import { forEachEngine } from '../../support/engines.ts'
import { stop } from '../../suppression/changes.ts'
import { type Answer, auth, request, startAraraV1 } from './arara-v1.ts'

const asked = (from: string, [year, month, day]: readonly (number | string)[], more = '') =>
  request(
    `<unsubscription_request><header_from>${from}</header_from><year>${year}</year><month>${month}</month><day>${day}</day>${more}</unsubscription_request>`,
  )

const NEWS = 'news@example.com'

async function requestersOf(answer: Answer): Promise<Record<string, string>[]> {
  assert.equal(answer.status, 200, answer.text)
  const root = await readXml(Buffer.from(answer.text))
  const [unsubscribers] = root.children
  const list = unsubscribers?.children.find(({ name }) => name === 'requesters') as XmlElement
  return list.children.map(({ children }) =>
    Object.fromEntries(children.map(({ name, text }) => [name, text])),
  )
}

forEachEngine((engine) => {
  describe('the unsubscribe family of API v1', () => {
    type Kaijo = Awaited<ReturnType<typeof startAraraV1>>
    let kaijo: Kaijo
    const cleanUps: (() => Promise<void>)[] = []
    before(async () => {
      const lifetime = { after: (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp) }
      kaijo = await startAraraV1(lifetime, { engine: engine.name })
    })
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp()
    })

    it('registers a sender, the same one again for a repeat', async () => {
      const body = request(
        '<unsubscription_request><header_from>sender@example.com</header_from></unsubscription_request>',
      )
      const first = await kaijo.post('unsubscribe_receivers', body)
      const second = await kaijo.post('unsubscribe_receivers', body)
      const { database, links } = kaijo.capabilities
      const sender = await findSender(database, kaijo.service.id, 'sender@example.com')
      assert.equal(sender?.oneClick, true)
      assert.equal(first.headers.get('content-type'), 'text/xml; charset=UTF-8')
      assert.deepEqual([first.status, second.text], [200, first.text])
      assert.equal(
        first.text,
        `<?xml version="1.0" encoding="UTF-8" ?>
<response>
<result code="0">正常終了</result>
<header_from>sender@example.com</header_from>
<base_url>${links.baseUrl({ classId: sender?.classId ?? '' })}</base_url>
</response>`,
      )
    })

    it('answers the requests of a day byte for byte as the sample of the vendor', async () => {
      const { listId } = await senderOf(kaijo, 'xxxxxx@example.com')
      await kaijo.capabilities.recorder.record(
        stop(listId, 'xxxxxx@xxx.jp', {
          requestedAt: Date.parse('2021-05-01T16:34:56+09:00'),
          messageId: 'xxxxxx@xxx.jp',
        }),
      )
      await kaijo.capabilities.recorder.record({
        ...stop(listId, 'xxxxxx@xxx.jp', { requestedAt: Date.parse('2021-05-01T17:00:00+09:00') }),
        kind: 'resume',
      })
      const answer = await kaijo.post('unsubscribe_requesters', asked('xxxxxx@example.com', [2021, 5, 1]))
      assert.equal(
        answer.text,
        `<?xml version="1.0" encoding="UTF-8" ?>
<response>
<unsubscribers>
<header_from>xxxxxx@example.com</header_from>
<requesters>
<requester>
<message_id>xxxxxx@xxx.jp</message_id>
<message_to>xxxxxx@xxx.jp</message_to>
<datetime>2021/05/01 16:34</datetime>
<filtered>0</filtered>
</requester>
</requesters>
</unsubscribers>
</response>`,
      )
      assert.equal(answer.headers.get('x-kaijo-next'), null)
    })

    it('lists who is excluded as filtered, until made deliverable again, which is no error for anyone else', async () => {
      const { post, time, capabilities } = kaijo
      const { listId } = await senderOf(kaijo, NEWS)
      await capabilities.recorder.record(stop(listId, 'taro@example.jp', { requestedAt: time.now }))
      const list = async () =>
        requestersOf(await post('unsubscribe_requesters', asked(NEWS, [2026, 10, '01'])))
      assert.deepEqual(await list(), [
        { message_id: '', message_to: 'taro@example.jp', datetime: '2026/10/01 12:00', filtered: '1' },
      ])
      const again = (from: string) =>
        request(
          `<unsubscription_request><header_from>${from}</header_from><message_to>Taro@example.jp</message_to><message_to>nobody@example.jp</message_to></unsubscription_request>`,
        )
      const answer = await post('resubscribers', again(NEWS))
      assert.deepEqual(
        [answer.status, answer.text],
        [
          200,
          '<?xml version="1.0" encoding="UTF-8" ?>\n<response>\n<result code="0">正常終了</result>\n</response>',
        ],
      )
      assert.equal((await list())[0]?.['filtered'], '0')
      assert.equal((await post('resubscribers', again('nobody@example.com'))).status, 200)
    })

    it('lists opaque parts among addresses in the order in which they came', async () => {
      const { capabilities, post, time, url } = kaijo
      await post('unsubscribe_receivers', request('<a><header_from>opaque@example.com</header_from></a>'))
      const sender = await findSender(capabilities.database, kaijo.service.id, 'opaque@example.com')
      const at = time.now
      await fetch(`${url}/${sender?.classId}/member=7&x=<y>`, { method: 'POST' })
      time.now = at + 60_000
      await capabilities.recorder.record(
        stop(sender?.listId ?? 0, 'taro@example.jp', { requestedAt: time.now, messageId: '1.2@example.com' }),
      )
      time.now = at + 120_000
      await fetch(`${url}/${sender?.classId}/member=8`, { method: 'POST' })
      assert.deepEqual(
        await requestersOf(await post('unsubscribe_requesters', asked('opaque@example.com', [2026, 10, 1]))),
        [
          {
            message_id: '',
            message_to: '',
            opaque_part: '/member=7&x=%3Cy%3E',
            datetime: '2026/10/01 12:00',
            filtered: '0',
          },
          {
            message_id: '1.2@example.com',
            message_to: 'taro@example.jp',
            datetime: '2026/10/01 12:01',
            filtered: '1',
          },
          {
            message_id: '',
            message_to: '',
            opaque_part: '/member=8',
            datetime: '2026/10/01 12:02',
            filtered: '0',
          },
        ],
      )
      time.now = at
    })

    it('answers 25,000 requesters of one day, cut at 8 MiB and gone on behind the cursor', async () => {
      const { post } = kaijo
      const from = 'many@example.com'
      const { listId } = await senderOf(kaijo, from)
      // Three in each millisecond, so that a cut falls among equals.
      await fill(kaijo, listId, 25_000, 60, Date.parse('2026-09-30T00:00:00+09:00'))
      const whole = await post('unsubscribe_requesters', asked(from, [2026, 9, 30]))
      const all = await requestersOf(whole)
      assert.equal(all.length, 25_000)
      assert.ok(Buffer.byteLength(whole.text) <= 8_388_608)

      await fill(kaijo, listId, 25_000, 300, Date.parse('2026-09-29T00:00:00+09:00'))
      const first = await post('unsubscribe_requesters', asked(from, [2026, 9, 29]))
      const cursor = first.headers.get('x-kaijo-next')
      assert.ok(cursor)
      assert.ok(Buffer.byteLength(first.text) <= 8_388_608)
      assert.ok(Buffer.byteLength(first.text) > 8_388_608 - 1_000)
      const second = await post(
        'unsubscribe_requesters',
        asked(from, [2026, 9, 29], `<cursor>${cursor}</cursor>`),
      )
      assert.equal(second.headers.get('x-kaijo-next'), null)
      const addresses = [...(await requestersOf(first)), ...(await requestersOf(second))].map(
        (row) => row['message_id'],
      )
      assert.deepEqual([addresses.length, new Set(addresses).size], [25_000, 25_000])
      const elsewhere = await post(
        'unsubscribe_requesters',
        asked(from, [2026, 9, 30], `<cursor>${cursor}</cursor>`),
      )
      assert.deepEqual([elsewhere.status, /cursor/.test(elsewhere.text)], [400, true])
    })
  })
})

describe('a calendar day', () => {
  const zones: [zone: string, day: [number, number, number], first: string, last: string, offset: string][] =
    [
      ['Asia/Tokyo', [2026, 9, 1], '2026-09-01T00:00:00+09:00', '2026-09-01T23:59:59.999+09:00', '+0900'],
      [
        'America/St_Johns',
        [2026, 9, 1],
        '2026-09-01T00:00:00-02:30',
        '2026-09-01T23:59:59.999-02:30',
        '-0230',
      ],
      // 23 and 25 hours.
      ['Europe/Vienna', [2026, 3, 29], '2026-03-29T00:00:00+01:00', '2026-03-29T23:59:59.999+02:00', '+0100'],
      [
        'Europe/Vienna',
        [2026, 10, 25],
        '2026-10-25T00:00:00+02:00',
        '2026-10-25T23:59:59.999+01:00',
        '+0200',
      ],
      // Begins at one in the morning.
      ['Africa/Cairo', [2026, 4, 24], '2026-04-24T01:00:00+03:00', '2026-04-24T23:59:59.999+03:00', '+0300'],
      [
        'Pacific/Kiritimati',
        [2026, 12, 31],
        '2026-12-31T00:00:00+14:00',
        '2026-12-31T23:59:59.999+14:00',
        '+1400',
      ],
    ]
  for (const [timeZone, day, first, last, offset] of zones) {
    it(`is one of the service's zone: ${day.join('-')} in ${timeZone}`, async (t) => {
      const kaijo = await startAraraV1(t, { timeZone, settings: { araraV1Times: 'rfc2822' } })
      const { listId } = await senderOf(kaijo, NEWS)
      const [from, to] = [Date.parse(first), Date.parse(last)]
      for (const [index, requestedAt] of [from - 1, from, to, to + 1].entries()) {
        await kaijo.capabilities.recorder.record(stop(listId, `a${index}@example.jp`, { requestedAt }))
      }
      const rows = await requestersOf(await kaijo.post('unsubscribe_requesters', asked(NEWS, day)))
      assert.deepEqual(
        rows.map((row) => row['message_to']),
        ['a1@example.jp', 'a2@example.jp'],
      )
      assert.ok(rows[0]?.['datetime']?.endsWith(offset))
      assert.equal(Date.parse(rows[0]?.['datetime'] ?? ''), from)
    })
  }

  it('writes times as RFC 3339 where the service says so, and filters nobody where the customer does', async (t) => {
    const settings = { araraV1Times: 'rfc3339', automaticExclusion: false }
    const kaijo = await startAraraV1(t, { settings })
    const { listId } = await senderOf(kaijo, NEWS)
    await kaijo.capabilities.recorder.record(stop(listId, 'a@example.jp', { requestedAt: kaijo.time.now }))
    const [row] = await requestersOf(await kaijo.post('unsubscribe_requesters', asked(NEWS, [2026, 10, 1])))
    assert.deepEqual([row?.['datetime'], row?.['filtered']], ['2026-10-01T12:00:00+09:00', '0'])
  })
})

describe('a request that is refused', () => {
  const cases: [what: string, body: string, status: number, kind: string, code: string, says: RegExp][] = [
    ['no XML', 'hello', 400, 'xml', '0201', /well-formed/],
    ['nothing', '', 400, 'xml', '0201', /well-formed/],
    [
      "the seed's sample with its comments",
      asked(NEWS, [2024, 5, '4</day><!—- 日 --><day>4']),
      400,
      'xml',
      '0201',
      /well-formed/,
    ],
    ['a document type', `<!DOCTYPE request>${request('<a/>')}`, 400, 'xml', '0201', /DOCTYPE|well-formed/],
    ['another root', `<mail>${auth()}</mail>`, 400, 'xml', '0201', /root element must be request/],
    ['no credentials', '<request><a/></request>', 401, 'auth', '0101', /needed/],
    ['no subject', request(''), 400, 'parameter', '0301', /unsubscription_request/],
    ['no From', asked('', [2024, 5, 4]), 400, 'parameter', '0301', /header_from: is needed/],
    ['no address', asked('x', [2024, 5, 4]), 400, 'parameter', '0301', /header_from: is no mail address/],
    ['a sender that is none', asked('x@example.com', [2024, 5, 4]), 400, 'parameter', '0312', /header_from/],
    [
      'a day that is none',
      asked(NEWS, [2023, 2, 29]),
      400,
      'parameter',
      '0301',
      /day: is none of that month/,
    ],
    ['a month that is none', asked(NEWS, [2023, 13, 1]), 400, 'parameter', '0301', /month/],
    [
      'a huge number',
      asked(NEWS, ['9'.repeat(400), 1, 1]),
      400,
      'parameter',
      '0301',
      /year: must be a number/,
    ],
    [
      'a number in words',
      asked(NEWS, ['２０２４', 1, 1]),
      400,
      'parameter',
      '0301',
      /year: must be a number/,
    ],
    [
      'a day twice',
      asked(NEWS, [2024, 5, '4</day><day>5']),
      400,
      'parameter',
      '0301',
      /day: stands there more than once/,
    ],
    [
      'a cursor that is none',
      asked(NEWS, [2024, 5, 4], '<cursor>x</cursor>'),
      400,
      'parameter',
      '0301',
      /cursor/,
    ],
  ]
  const errorOf = async (answer: Answer) => {
    const root = await readXml(Buffer.from(answer.text))
    const errors = root.children.find(({ name }) => name === 'errors')
    const result = root.children.find(({ name }) => name === 'result')
    return { root: root.name, result: result?.attributes['code'], error: errors?.children[0] }
  }

  it('is answered in the form of the vendor, naming the field', async (t) => {
    const { post } = await startAraraV1(t)
    for (const [what, body, status, kind, code, says] of cases) {
      const answer = await post('unsubscribe_requesters', body)
      const { root, result, error } = await errorOf(answer)
      assert.deepEqual(
        [what, answer.status, root, result, error?.attributes['kind'], error?.attributes['code']],
        [what, status, 'response', '1', kind, code],
      )
      assert.match(error?.text ?? '', says, what)
      assert.equal(answer.headers.get('content-type'), 'text/xml; charset=UTF-8')
    }
  })

  it('looks the same for a wrong name, key, site and service', async (t) => {
    const { post } = await startAraraV1(t)
    const wrong = [
      auth({ name: 'nobody' }),
      auth({ key: 'wrong-key-wrong' }),
      auth({ site: '2' }),
      auth({ service: '11', name: 'viewer', key: 'key-of-the-viewer' }),
      auth({ service: '20' }),
      auth({ service: '999999999999' }),
      auth({ site: '2', service: '20' }),
    ]
    const answers = await Promise.all(
      wrong.map((block) => post('unsubscribe_receivers', request('<a/>', block))),
    )
    for (const answer of answers) assert.deepEqual([answer.status, answer.text], [401, answers[0]?.text])
    const viewer = auth({ name: 'viewer', key: 'key-of-the-viewer' })
    const lacking = await post('resubscribers', request('<a/>', viewer))
    assert.deepEqual([lacking.status, (await errorOf(lacking)).error?.attributes['code']], [401, '0102'])
  })

  it('is too large beyond what an operation takes', async (t) => {
    const { post } = await startAraraV1(t)
    const answer = await post('unsubscribe_requesters', ' '.repeat(65 * 1_024))
    assert.deepEqual([answer.status, (await errorOf(answer)).error?.attributes['code']], [413, '0401'])
    const many = '<message_to>a@example.jp</message_to>'.repeat(10_001)
    const most = await post('resubscribers', request(`<a><header_from>${NEWS}</header_from>${many}</a>`))
    assert.deepEqual([most.status, (await errorOf(most)).error?.attributes['code']], [413, '0402'])
    assert.equal((await post('resubscribers', ' '.repeat(5 * 1_024 * 1_024))).status, 413)
  })

  it('is no POST, or has no path', async (t) => {
    const { url } = await startAraraV1(t)
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${url}/tm/unsubscribe_requesters.php`, { method })
      assert.deepEqual([method, response.status, response.headers.get('allow')], [method, 405, 'POST'])
    }
    const unknown = await fetch(`${url}/tm/else.php`, { method: 'POST', body: 'x' })
    assert.deepEqual([unknown.status, /<response>[\s\S]*0103/.test(await unknown.text())], [404, true])
    assert.equal((await fetch(`${url}/tm/%zz`)).status, 404)
  })

  it('changes nothing: all addresses of a resume are read before any is resumed', async (t) => {
    const kaijo = await startAraraV1(t)
    const { listId } = await senderOf(kaijo, NEWS)
    await kaijo.capabilities.recorder.record(stop(listId, 'a@example.jp', { requestedAt: kaijo.time.now }))
    const tos = '<message_to>a@example.jp</message_to><message_to>b</message_to>'
    const answer = await kaijo.post(
      'resubscribers',
      request(`<a><header_from>${NEWS}</header_from>${tos}</a>`),
    )
    assert.deepEqual([answer.status, /message_to\[1\]/.test(answer.text)], [400, true])
    const rows = await requestersOf(await kaijo.post('unsubscribe_requesters', asked(NEWS, [2026, 10, 1])))
    assert.equal(rows[0]?.['filtered'], '1')
  })
})

describe('a request that is taken', () => {
  it('may name any Content-Type or none, and an encoding of Japan', async (t) => {
    const { post, url } = await startAraraV1(t)
    const body = asked(NEWS, [2026, 10, 1])
    for (const type of [
      'text/xml',
      'text/plain; charset=UTF-8',
      'application/json',
      'application/x-www-form-urlencoded',
      'garbage',
      'multipart/form-data',
    ]) {
      assert.equal((await post('unsubscribe_requesters', body, { 'content-type': type })).status, 200, type)
    }
    const bare = await fetch(`${url}/tm/unsubscribe_requesters.php`, {
      method: 'POST',
      body: Buffer.from(body),
    })
    assert.equal(bare.status, 200)
    const utf16 = Buffer.from(`\ufeff${body.replace('UTF-8', 'UTF-16')}`, 'utf16le')
    assert.equal((await post('unsubscribe_requesters', utf16)).status, 200)
    assert.equal((await post('unsubscribe_requesters', body.replace('UTF-8', 'Shift_JIS'))).status, 200)
  })

  it('may bring its credentials in the headers of the queueing mode', async (t) => {
    const { post } = await startAraraV1(t)
    const headers = {
      'x-automailuser': 'admin',
      'x-automailpassword': 'pass & <word>',
      'x-automailusesite': '1',
      'x-automailuseservice': '10',
    }
    const body = asked(NEWS, [2026, 10, 1]).replace(/<auth>.*<\/auth>/, '')
    assert.equal((await post('unsubscribe_requesters', body, headers)).status, 200)
    const wrong = { ...headers, 'x-automailpassword': 'nothing like it' }
    assert.equal((await post('unsubscribe_requesters', asked(NEWS, [2026, 10, 1]), wrong)).status, 401)
  })
})

async function senderOf(
  { capabilities, service, post }: Awaited<ReturnType<typeof startAraraV1>>,
  address: string,
) {
  const body = `<unsubscription_request><header_from>${address}</header_from></unsubscription_request>`
  assert.equal((await post('unsubscribe_receivers', request(body))).status, 200)
  const sender = await findSender(capabilities.database, service.id, address)
  if (!sender) throw new Error('the sender was not registered')
  return sender
}

/** So many requests on a list, three in each millisecond, with message ids of so many characters. */
async function fill(
  { capabilities: { database } }: Awaited<ReturnType<typeof startAraraV1>>,
  listId: number,
  count: number,
  idLength: number,
  start: number,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => ({
    address: `p${i}.${start}@example.com`,
    message: String(i).padStart(idLength, 'm'),
    at: start + Math.floor(i / 3),
  }))
  const given = rowSet(database, 'given', { address: 'text', message: 'text', at: 'integer' }, rows)
  const insert = sql`insert into event (address_key, list_id, recorded_at, kind, address, requested_at, reason,
    source, message_id, older_mail) select address, ${sql.lit(listId)}, at, 'stop', address, at, 'unsubscribed',
    'one-click', message, 0 from ${given}`
  await database.transact([{ compile: () => insert.compile(database.query) }])
}
