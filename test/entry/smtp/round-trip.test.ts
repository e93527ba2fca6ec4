import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { splitMessage } from '../../../src/mail/header-block.ts'
import { addClient, type Client, type Gateway, send, sharedGateway } from './gateway.ts'

const ADDED =
  /Feedback-ID: d\d+:s\d+:f-[a-z2-7]{23}:kaijo\r\nList-Unsubscribe: <https:\/\/u\.example\.com\/\w{16}\/-[\w-]+>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n$/
const FEEDBACK_ID = /^Feedback-ID: d\d+:s\d+:f-[a-z2-7]{23}:kaijo\r\n/m

const FROM = 'From:   =?ISO-2022-JP?B?GyRCJCobKEI=?=\r\n\t<news@example.com>'
const DATE = 'date : Thu, 1 Oct 2026 12:00:00 +0900 (JST)'
const ID = 'Message-Id:  <20261001.1@client.example>'

const NESTED = [
  'This is a message of parts.',
  '--outer',
  'Content-Type: multipart/alternative; boundary="in ner"',
  '',
  '--in ner',
  'Content-Type: text/plain; charset=iso-2022-jp',
  '',
  '\x1b$B$"\x1b(B',
  '.',
  '..',
  '.leading',
  '--in ner',
  'From: not the header',
  'X-Kaijo-Transactional: in a part',
  '',
  '<p>',
  '--in ner--',
  '--outer',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  '',
  'inner body  \t',
  '--outer--',
  '',
  '',
].join('\r\n')

const HEADS: [what: string, head: string[]][] = [
  ['8-bit bytes', [FROM, DATE, ID, 'Subject: \xe3\x81\x82\xff', 'X-Raw: \x80\x7f']],
  ['odd folds and lengths', [FROM, DATE, ID, `X-Long: ${'y'.repeat(3_000)}`, 'Subject:\t a\r\n \r\n\tb']],
  [
    'signatures that are there already',
    [
      'ARC-Seal: i=1; a=rsa-sha256; cv=none; d=first.example; s=x;\r\n b=abc=',
      'ARC-Message-Signature: i=1; a=rsa-sha256; h=from; bh=; b=',
      'DKIM-Signature: v=1; a=rsa-sha256; d=client.example; s=x; h=from:subject; bh=; b=\r\n abc',
      'Received: from a by b; Thu, 1 Oct 2026 12:00:00 +0900',
      'Received: from c by a; Thu, 1 Oct 2026 11:59:59 +0900',
      FROM,
      DATE,
      ID,
      'subject:no blank',
    ],
  ],
]

const BODIES: [what: string, body: Buffer][] = [
  ['no body', Buffer.alloc(0)],
  ['blank lines alone', Buffer.from('\r\n\r\n\r\n')],
  ['nested parts', Buffer.from(NESTED, 'latin1')],
  ['lines that begin with dots', Buffer.from('.\r\n..\r\n...x\r\n. \r\n.\r\n')],
  ['long lines', Buffer.from(`${'z'.repeat(20_000)}\r\n${'あ'.repeat(3_000)}\r\nx\r\n`)],
  [
    'every byte but NUL, CR and LF',
    Buffer.concat([
      Buffer.from([...Array(256).keys()].filter((byte) => ![0, 10, 13].includes(byte))),
      Buffer.from('\r\n'),
    ]),
  ],
]

describe('a message through the SMTP gateway', () => {
  const shared = sharedGateway('sqlite')
  let gateway: Gateway
  let client: Client
  beforeEach(async () => {
    gateway = shared()
    client = await addClient(gateway)
  })

  for (const [head, fields] of HEADS) {
    for (const [what, body] of BODIES) {
      it(`with ${head} and ${what} is the same but for what is added`, async () => {
        const given = Buffer.from(`${fields.join('\r\n')}\r\n`, 'latin1')
        const arrived = splitMessage(await carried(Buffer.concat([given, Buffer.from('\r\n'), body])))
        assert.deepEqual(arrived.body, body)
        assert.equal(arrived.head.toString('latin1').replace(ADDED, ''), given.toString('latin1'))
        assert.match(arrived.head.toString('latin1'), ADDED)
      })
    }
  }

  it('that is a header alone gets the empty line that ends it', async () => {
    const given = `${[FROM, DATE, ID].join('\r\n')}\r\n`
    const raw = (await carried(Buffer.from(given))).toString()
    assert.ok(raw.startsWith(given))
    assert.match(raw.slice(given.length, -2), ADDED)
    assert.ok(raw.endsWith('\r\n\r\n'))
  })

  it('loses the fields of ours and nothing else, wherever they stand', async () => {
    const given = [
      'X-Kaijo-Delivery: October',
      FROM,
      'x-kaijo-delivery-note :\r\n\tfolded\r\n over lines',
      DATE,
      'X-KaijoElse: stays',
      ID,
      'X-KAIJO-Transactional: 0',
    ]
    const kept = [FROM, DATE, 'X-KaijoElse: stays', ID]
    const { head } = splitMessage(
      await carried(Buffer.from(`${given.join('\r\n')}\r\n\r\nX-Kaijo-: body\r\n`)),
    )
    assert.equal(head.toString().replace(ADDED, ''), `${kept.join('\r\n')}\r\n`)
  })

  it('that brings one-click fields of its own keeps them as they are', async () => {
    const own = [
      'list-unsubscribe: <https://client.example/stop?a=1>,\r\n\t<mailto:stop@client.example>',
      'List-Unsubscribe-Post:List-Unsubscribe=One-Click',
    ]
    const given = Buffer.from(`${[...own, FROM, DATE, ID].join('\r\n')}\r\n\r\nBody\r\n`)
    const arrived = (await carried(given)).toString()
    assert.equal(arrived.replace(FEEDBACK_ID, ''), given.toString())
    assert.match(arrived, FEEDBACK_ID)
  })

  it('that brings a Feedback-ID of its own keeps that one', async () => {
    const given = `${['feedback-id:\r\n c1:client', FROM, DATE, ID].join('\r\n')}\r\n`
    const { head } = splitMessage(await carried(Buffer.from(`${given}\r\nBody\r\n`)))
    assert.match(head.toString().slice(given.length), /^List-Unsubscribe: /)
    assert.ok(head.toString().startsWith(given))
  })

  it('gets Date and Message-ID when it has none', async () => {
    const given = `${FROM}\r\nSubject: x\r\n`
    const { head } = splitMessage(await carried(Buffer.from(`${given}\r\nBody\r\n`)))
    assert.match(
      head.toString().slice(given.length),
      /^Date: Thu, 01 Oct 2026 .* \+0000\r\nMessage-ID: <\d+\.\d+@example\.com>\r\nFeedback-ID: .*\r\nList-Unsubscribe: /,
    )
  })

  /** Sent with its dots stuffed (RFC 5321 §4.5.2), and as it came to the relay. */
  async function carried(message: Buffer): Promise<Buffer> {
    const before = gateway.sink.messages.length
    const raw = await client.raw()
    const stuffed = Buffer.from(message.toString('latin1').replace(/^\./gm, '..'), 'latin1')
    assert.match(await send(raw, stuffed), /\(1 accepted, 0 excluded\)$/)
    raw.destroy()
    const messages = await gateway.sink.waitFor(before + 1)
    return messages[before]?.raw ?? Buffer.alloc(0)
  }
})
