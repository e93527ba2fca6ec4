import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readXml, type XmlElement } from '../../../src/dialects/xml/read-xml.ts'
import { findMessages } from '../../../src/messages/reading/find-messages.ts'
import { readKeptMail } from '../../../src/messages/reading/read-kept-mail.ts'
import { findSender } from '../../../src/tenants/sender.ts'
import { forEachEngine } from '../../support/engines.ts'
import { stop } from '../../suppression/changes.ts'
import { type Answer, auth, startAraraV1 } from './arara-v1.ts'

const NEWS = 'news@example.com'

const mail = (...deliveries: string[]) =>
  `<?xml version="1.0" encoding="UTF-8" ?>\n<mail>${auth()}${deliveries.join('')}</mail>`

interface Given {
  id?: string
  requestId?: string
  setting?: string
  contents?: string
  data?: string
}

/** In the form of the vendor's pages. */
const reservation = ({
  id = '1',
  requestId,
  setting = `<send_date>now</send_date><from_name><![CDATA[ニュース]]></from_name><from>${NEWS}</from><option/><throttle>0000</throttle><s_mime use="0"/><opened_flag use="0"/>`,
  contents = '<subject><![CDATA[お知らせ]]></subject><body><![CDATA[本文\n]]></body>',
  data = '<data id="1"><address device="0">subscriber@receiver.example.com</address></data>',
}: Given = {}) =>
  `<delivery id="${id}"><action>reserve</action>${requestId === undefined ? '' : `<request_id>${requestId}</request_id>`}<setting>${setting}</setting><contents>${contents}</contents><send_list>${data}</send_list></delivery>`

const asks = (action: string, content: string) =>
  `<delivery id="7"><action>${action}</action>${content}</delivery>`

async function deliveriesOf(answer: Answer): Promise<XmlElement[]> {
  assert.equal(answer.status, 200, answer.text)
  return [...(await readXml(Buffer.from(answer.text))).children]
}

const text = (parent: XmlElement | undefined, name: string) =>
  parent?.children.find((child) => child.name === name)?.text

const errorOf = (parent: XmlElement | undefined) => {
  const [error] = parent?.children.find(({ name }) => name === 'errors')?.children ?? []
  return [error?.attributes['code'], error?.text]
}

forEachEngine((engine) => {
  it('a delivery is taken in, told of and sent, without whoever is excluded or no address', async (t) => {
    const kaijo = await startAraraV1(t, { engine: engine.name, serves: 'http,worker' })
    const { capabilities, post, service } = kaijo
    const { listId = 0 } = (await findSender(capabilities.database, service.id, NEWS)) ?? {}
    await capabilities.recorder.record(stop(listId, 'stopped@example.jp', { requestedAt: kaijo.time.now }))
    const data = ['taro@example.jp', 'stopped@example.jp', 'nobody']
      .map((to, index) => `<data id="${index}"><address device="0">${to}</address></data>`)
      .join('')
    const reserved = await post('lpmail', mail(reservation({ requestId: 'abc1', data })))
    const id = /<deliver_id>(\d+)</.exec(reserved.text)?.[1] ?? ''
    assert.equal(
      reserved.text,
      `<?xml version="1.0" encoding="UTF-8" ?>
<mail>
<delivery id="1">
<deliver_id>${id}</deliver_id>
<request_id>abc1</request_id>
<exec_cnt>1</exec_cnt>
<result code="0">正常終了</result>
</delivery>
</mail>`,
    )
    const isSent = async () => {
      const answer = await post('lpmail', mail(asks('get_status', `<deliver_id>${id}</deliver_id>`)))
      return answer.text.includes('<status code="2">') && answer
    }
    let status = await isSent()
    while (!status) status = await isSent()
    assert.equal(
      status.text,
      `<?xml version="1.0" encoding="UTF-8" ?>
<mail>
<delivery id="7">
<deliver_id>${id}</deliver_id>
<request_id>abc1</request_id>
<action>reserve</action>
<status code="2">配信完了</status>
<sent_cnt>1</sent_cnt>
<error_cnt>0</error_cnt>
</delivery>
</mail>`,
    )
    const [result, errors] = await deliveriesOf(
      await post(
        'lpmail',
        mail(
          asks('get_result', '<request_id>abc1</request_id>'),
          asks('get_error', `<deliver_id>${id}</deliver_id>`),
        ),
      ),
    )
    const rows = result?.children.filter(({ name }) => name === 'data') ?? []
    assert.deepEqual(
      rows.map((row) =>
        ['sent_date', 'to_addr', 'from_addr', 'key_field', 'status'].map((name) => text(row, name)),
      ),
      [['2026/10/01 12:00', 'taro@example.jp', NEWS, 'no_data', '成功']],
    )
    assert.deepEqual(
      errors?.children.map(({ name }) => name),
      ['deliver_id', 'request_id'],
    )
  })

  it('an id of a request is taken once, and its count told again', async (t) => {
    const { post, capabilities } = await startAraraV1(t, { engine: engine.name })
    const two = ['a', 'b'].map((name) => `<data><address>${name}@example.jp</address></data>`).join('')
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post('lpmail', mail(reservation({ requestId: 'Once', data: two })))),
    )
    const inHeader = { 'x-automailuserequestid': 'Once' }
    const other = await post('lpmail', mail(reservation()), inHeader)
    const all = await Promise.all([...answers, other].map(async (answer) => (await deliveriesOf(answer))[0]))
    assert.deepEqual(new Set(all.map((delivery) => text(delivery, 'exec_cnt'))), new Set(['2']))
    assert.deepEqual(new Set(all.map((delivery) => text(delivery, 'deliver_id'))).size, 1)
    assert.deepEqual(all.filter((delivery) => errorOf(delivery)[0] === '0501').length, 4)
    const messages = await findMessages(capabilities.database, Number(text(all[0], 'deliver_id')), {
      limit: 10,
    })
    assert.equal(messages.length, 2)
  })
})

describe('deliveries of one request', () => {
  it('are carried out each by itself', async (t) => {
    const { post } = await startAraraV1(t)
    const [first, second, third] = await deliveriesOf(
      await post(
        'lpmail',
        mail(
          reservation({ id: '11' }),
          reservation({ id: '12', setting: '<from>else@example.org</from>' }),
          asks('fly', ''),
        ),
      ),
    )
    assert.deepEqual([first?.attributes['id'], text(first, 'exec_cnt')], ['11', '1'])
    assert.equal(second?.attributes['id'], '12')
    assert.deepEqual(errorOf(second)[0], '0321')
    assert.match(errorOf(second)[1] ?? '', /setting\/from/)
    assert.match(errorOf(third)[1] ?? '', /action: must be reserve/)
  })

  it('are refused as a whole before any of them, at the root', async (t) => {
    const { post } = await startAraraV1(t)
    const cases: [body: string, status: number, code: string][] = [
      [`<mail>${auth({ key: 'wrong-wrong-wrong' })}${reservation()}</mail>`, 401, '0101'],
      [`<mail>${reservation()}</mail>`, 401, '0101'],
      [mail(), 400, '0301'],
      [mail('<delivery'), 400, '0201'],
      [`<request>${auth()}</request>`, 400, '0201'],
      [mail(reservation().repeat(101)), 413, '0401'],
    ]
    for (const [body, status, code] of cases) {
      const answer = await post('lpmail', body)
      const root = await readXml(Buffer.from(answer.text))
      assert.deepEqual([answer.status, root.name, errorOf(root)[0]], [status, 'mail', code])
      assert.deepEqual(
        root.children.map(({ name }) => name),
        ['result', 'errors'],
      )
    }
    const found = await post(
      'lpmail',
      mail(asks('get_status', '<timemin>2020/01/01 00:00</timemin><timemax>2030/01/01 00:00</timemax>')),
    )
    assert.deepEqual((await deliveriesOf(found))[0]?.children, [])
  })

  it('need what their action does', async (t) => {
    const { post } = await startAraraV1(t)
    const viewer = auth({ name: 'viewer', key: 'key-of-the-viewer' })
    const body = `<mail>${viewer}${reservation()}${asks('get_status', '<deliver_id>1</deliver_id>')}</mail>`
    const [reserve, status] = await deliveriesOf(await post('lpmail', body))
    assert.deepEqual([errorOf(reserve)[0], errorOf(status)[0]], ['0102', '0313'])
  })
})

describe('a mail', () => {
  it('has what its elements say', async (t) => {
    const { post, capabilities } = await startAraraV1(t, { serves: 'http,worker' })
    const contents = `<subject>##int_txt_1##様</subject><body part="1">Hello ##int_txt_1##, ##not mine##</body>
      <body part="2"><![CDATA[<p>##int_txt_1##</p>]]></body><encode>1</encode><cc>boss@example.jp</cc>
      <attachments-list><attachment><filename>a.txt</filename><mimetype>text/plain</mimetype><data>aGVs
      bG8=</data></attachment></attachments-list>`
    const data = `<data id="1"><address device="3">taro@example.jp</address><int_txt id="1">太郎</int_txt>
      <ext_txt id="0">0</ext_txt><key_field id="0">k1</key_field>
      <unsubscribe_url>https://example.com/somepath</unsubscribe_url></data>`
    const setting =
      '<from_name>会社</from_name><envelope_from>bounce@example.com</envelope_from><reply_to>re@example.com</reply_to>'
    const [delivery] = await deliveriesOf(
      await post('lpmail', mail(reservation({ contents, data, setting }))),
    )
    assert.equal(text(delivery, 'exec_cnt'), '1', JSON.stringify(delivery))
    const id = Number(text(delivery, 'deliver_id'))
    const kept = async () => {
      const messages = await findMessages(capabilities.database, id, { limit: 10 })
      return messages.every(({ state }) => state === 'kept') && messages
    }
    let messages = await kept()
    while (!messages) messages = await kept()
    assert.deepEqual(
      messages.map(({ to }) => to),
      ['taro@example.jp', 'boss@example.jp'],
    )
    const raw = (await readKeptMail(capabilities.database, id, messages[0]?.id ?? 0)).toString('latin1')
    assert.match(raw, /^From: =\?[^\n]*<news@example\.com>\r$/m)
    assert.match(raw, /^Reply-To: re@example\.com\r$/m)
    assert.match(raw, /^Cc: boss@example\.jp\r$/m)
    assert.match(raw, /^Subject: =\?iso-2022-jp\?/im)
    assert.match(raw, /^List-Unsubscribe: <https:\/\/example\.com\/somepath>\r$/m)
    assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
    assert.match(raw, /multipart\/mixed/)
    assert.match(raw, /##not mine##/)
    assert.match(raw, /filename="a\.txt"[\s\S]*aGVsbG8=/)
  })

  const refused: [what: string, given: Given, says: RegExp][] = [
    ['without a subject', { contents: '<body>x</body>' }, /subject: is needed/],
    ['without a body', { contents: '<subject>x</subject>' }, /contents\/body/],
    [
      'with a body twice',
      { contents: '<subject>x</subject><body>x</body><body>y</body>' },
      /body: has text twice/,
    ],
    [
      'with an element that is not known',
      { contents: '<subject>x</subject><body>x</body><logo/>' },
      /0302.*contents\/logo/,
    ],
    ['without recipients', { data: '' }, /send_list: needs data/],
    [
      'with text from outside',
      { data: '<data><address>a@example.jp</address><ext_txt id="0">5</ext_txt></data>' },
      /ext_txt: is not offered/,
    ],
    [
      'with a URL that is none',
      { data: '<data><address>a@example.jp</address><unsubscribe_url>http://x</unsubscribe_url></data>' },
      /send_list\/data\[0\]\/unsubscribe_url/,
    ],
    ['signed by S/MIME', { setting: `<from>${NEWS}</from><s_mime use="1"/>` }, /s_mime: is not offered/],
    [
      'held back at night',
      { setting: `<from>${NEWS}</from><option><stop_time>2300</stop_time></option>` },
      /stop_time: is not offered/,
    ],
    [
      'from an envelope that is no address',
      { setting: `<from>${NEWS}</from><envelope_from>a b@example.com</envelope_from>` },
      /envelope_from: is not a mail address/,
    ],
    [
      'for a past time',
      { setting: `<from>${NEWS}</from><send_date>2021/05/01 16:34</send_date>` },
      /setting\/send_date: is past/,
    ],
    [
      'for a time that there is not',
      { setting: `<from>${NEWS}</from><send_date>2026/02/30 16:34</send_date>` },
      /send_date: must be a moment/,
    ],
    [
      'for a time far ahead',
      { setting: `<from>${NEWS}</from><send_date>2026/11/02 12:00</send_date>` },
      /32 days/,
    ],
    ['under an id that is none', { requestId: 'a-b' }, /request_id: must be up to 64/],
    [
      'with an attachment that is none',
      {
        contents:
          '<subject>x</subject><body>x</body><attachments-list><attachment><filename>a</filename><mimetype>a/b</mimetype><data>*</data></attachment></attachments-list>',
      },
      /attachments-list\[0\]\/data: must be base64/,
    ],
  ]
  it('is read in linear time, whatever stands where nothing may', { timeout: 20_000 }, async (t) => {
    const { post } = await startAraraV1(t)
    // In quadratic time it would take hours.
    const blank = `<data><address>a@example.jp</address><ext_txt>${' '.repeat(10_000_000)}x</ext_txt></data>`
    const [delivery] = await deliveriesOf(await post('lpmail', mail(reservation({ data: blank }))))
    assert.match(JSON.stringify(delivery), /ext_txt: is not offered/)
  })

  it('is not sent where something is wrong with it, and the element is named', async (t) => {
    const { post } = await startAraraV1(t)
    for (const [what, given, says] of refused) {
      const [delivery] = await deliveriesOf(await post('lpmail', mail(reservation(given))))
      assert.match(errorOf(delivery).join(' '), says, what)
      assert.equal(text(delivery, 'exec_cnt'), undefined)
    }
  })

  it('is of the only sender that a service has where From is not given', async (t) => {
    const { post } = await startAraraV1(t)
    const shop = `<mail>${auth({ service: '11' })}${reservation({ setting: '' })}</mail>`
    const [delivery] = await deliveriesOf(await post('lpmail', shop))
    assert.equal(text(delivery, 'exec_cnt'), '1')
  })

  it('can be cancelled until sending begins', async (t) => {
    const { post } = await startAraraV1(t)
    const setting = `<from>${NEWS}</from><send_date>2026/10/02 09:00</send_date>`
    const [reserved] = await deliveriesOf(await post('lpmail', mail(reservation({ setting }))))
    const id = text(reserved, 'deliver_id')
    const cancel = asks('delete', `<deliver_id>${id}</deliver_id><request_id>del1</request_id>`)
    const [first, again, status] = await deliveriesOf(
      await post('lpmail', mail(cancel, cancel, asks('get_status', `<deliver_id>${id}</deliver_id>`))),
    )
    assert.deepEqual(
      first?.children.map(({ name, text }) => [name, text]),
      [
        ['deliver_id', id],
        ['request_id', 'del1'],
        ['result', '正常終了'],
      ],
    )
    assert.equal(errorOf(again)[0], '0601')
    assert.equal(text(status, 'status'), '削除')
    const others = [
      '<deliver_id>99</deliver_id>',
      '<deliver_id>x</deliver_id>',
      '<deliver_id>9007199254740993</deliver_id>',
      '<request_id>none</request_id>',
    ]
    for (const other of others) {
      const [answer] = await deliveriesOf(await post('lpmail', mail(asks('get_result', other))))
      assert.equal(errorOf(answer)[0], '0313', other)
    }
  })

  it('is listed among those of a period', async (t) => {
    const { post } = await startAraraV1(t)
    await post('lpmail', mail(reservation(), reservation()))
    const within = (from: string, to: string) =>
      post('lpmail', mail(asks('get_status', `<timemin>${from}</timemin><timemax>${to}</timemax>`)))
    const [found] = await deliveriesOf(await within('2026/10/01 12:00', '2026/10/01 12:00'))
    assert.deepEqual(
      found?.children.map(({ name, attributes }) => [name, attributes['id']]),
      [
        ['data', '1'],
        ['data', '2'],
      ],
    )
    assert.deepEqual(
      found?.children[0]?.children.map(({ name }) => name),
      ['deliver_id', 'status', 'sent_cnt', 'error_cnt'],
    )
    assert.deepEqual(
      (await deliveriesOf(await within('2026/10/01 12:01', '2026/10/01 12:02')))[0]?.children,
      [],
    )
    const [wrong] = await deliveriesOf(await within('2026/10/02 12:00', '2026/10/01 12:00'))
    assert.match(errorOf(wrong)[1] ?? '', /timemax/)
  })
})
