import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { splitMessage } from '../../../src/mail/header-block.ts'
import { forEachEngine } from '../../support/engines.ts'
import {
  addTenant,
  type Installation,
  NOON,
  sharedInstallation,
  type Tenant,
} from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { settled, someDelivery } from '../some-delivery.ts'

const FROM = 'From: =?ISO-2022-JP?B?GyRCJCobKEI=?=  <news@example.com>'
const ID = 'Message-Id:  <20261001.1@client.example>'
const DATE = 'Date: Thu, 1 Oct 2026 12:00:00 +0900 (JST)'
/** Field names, blanks and folds as nobody would write them, and bytes that are no UTF-8. */
const HEAD = [
  'Received: from somewhere\r\n\tby elsewhere',
  FROM,
  'to : Taro <taro@example.com>',
  'Subject:\t =?x?q?y?=\r\n  \tfolded  twice \r\n  ',
  `X-Raw: \xe3\x81\x82 \xff${'y'.repeat(1_500)}`,
  DATE,
  ID,
  'DKIM-Signature: v=1; a=rsa-sha256; d=client.example; s=x; h=from; bh=; b=\r\n abc',
  'MIME-Version: 1.0',
]
const BODY = Buffer.concat([
  Buffer.from('.\r\n..dots\r\n.\r\n  trailing \t \r\n\r\n', 'latin1'),
  Buffer.from([...Array(256).keys()].filter((byte) => ![0, 10, 13].includes(byte))),
  Buffer.from(`\r\n${'z'.repeat(5_000)}\r\n\r\n\r\n`),
])

forEachEngine((engine) => {
  let sink: SmtpSink
  const shared = sharedInstallation(engine.name, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    return { serves: 'worker', env: { KAIJO_RELAY_URL: sink.url, KAIJO_PUBLIC_URL: 'https://u.example.com' } }
  })
  let installation: Installation
  let tenant: Tenant
  beforeEach(async () => {
    installation = shared()
    tenant = await addTenant(installation)
  })

  describe('a whole message', () => {
    it('arrives byte for byte as it was given, but for the fields that are added', async () => {
      const { raw } = await arriving(message(HEAD))
      const [start, added] = cutAtList(raw)
      assert.equal(start, `${HEAD.join('\r\n')}\r\n`)
      assert.match(
        added,
        /^Feedback-ID: .*\r\nList-Unsubscribe: <https:\/\/u\.example\.com\/\w{16}\/-[\w-]+>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n$/,
      )
      assert.deepEqual(splitMessage(raw).body, BODY)
    })

    it('arrives byte for byte when it bears an https link of its own', async () => {
      const given = message([...HEAD, 'List-Unsubscribe: <https://client.example/u>'])
      const { raw } = await arriving(given)
      const text = raw.toString('latin1')
      assert.match(text, FEEDBACK_ID)
      assert.equal(text.replace(FEEDBACK_ID, ''), given.toString('latin1'))
    })

    it('loses its Bcc, every one and however it is written', async () => {
      const hidden = ['Bcc: a@example.com,\r\n b@example.com', 'bCC : c@example.com']
      const { raw } = await arriving(message([hidden[0] ?? '', ...HEAD, hidden[1] ?? '']))
      const [start] = cutAtList(raw)
      assert.equal(start, `${HEAD.join('\r\n')}\r\n`)
    })

    it('is given the Message-ID and Date that it lacks, and keeps those that it has', async () => {
      const without = await arriving(message([FROM]))
      assert.equal(without.row.messageId, `${without.id}.${without.row.id}@example.com`)
      const [start] = cutAtList(without.raw)
      const date = 'Date: Thu, 01 Oct 2026 03:00:00 +0000'
      assert.equal(start, `${FROM}\r\n${date}\r\nMessage-ID: <${without.row.messageId}>\r\n`)
      const whole = await arriving(message(HEAD))
      assert.equal(whole.row.messageId, '20261001.1@client.example')
    })

    it('bears a link that knows the Message-ID that it came with', async () => {
      const { raw } = await arriving(message(HEAD))
      const [, classId = '', token = ''] =
        /<https:\/\/u\.example\.com\/(\w+)\/-([\w-]+)>/.exec(raw.toString()) ?? []
      const opened = installation.capabilities.links.open(classId, token)
      assert.ok(opened.ok)
      assert.deepEqual(opened.message, { kind: 'foreign', messageId: '20261001.1@client.example' })
    })

    it('has a Message-ID as long as its link can bear, or is not accepted', async () => {
      const { capabilities } = installation
      const request = (length: number, line = '') => {
        const raw = message([FROM, `Message-ID: <${'x'.repeat(length)}>`, ...(line ? [line] : [])])
        return someDelivery(tenant, ['a@example.com', 'taro@example.com', 'bo@example.com'], { raw })
      }
      const accepts = (length: number) => capabilities.acceptDelivery(request(length)).catch(() => undefined)
      let length = 750
      let accepted = await accepts(length)
      for (; !accepted; accepted = await accepts(length)) length--
      assert.ok(length > 600 && length < 750)
      const rows = await settled(capabilities, accepted.id, 'sent', 'failed')
      assert.deepEqual(
        rows.map(({ state }) => state),
        ['sent', 'sent', 'sent'],
      )
      // Where no link is put on the mail, none has to fit.
      const own = { to: 'taro@example.com', unsubscribeUrl: 'https://client.example/u' }
      for (const unlinked of [
        { ...request(900), transactional: true },
        { ...request(900), recipients: [own] },
        request(900, 'List-Unsubscribe: <https://client.example/u>'),
      ]) {
        const { id } = await capabilities.acceptDelivery(unlinked)
        const sent = await settled(capabilities, id, 'sent', 'failed')
        assert.ok(sent.every(({ state }) => state === 'sent'))
      }
    })

    it('has its bare line feeds made whole before anything is read or signed', async () => {
      const { raw } = await arriving(Buffer.from(`${FROM}\n${DATE}\nX: a\n b\n\nbody\nline\n`))
      const [start] = cutAtList(raw)
      assert.ok(start.startsWith(`${FROM}\r\n${DATE}\r\nX: a\r\n b\r\nMessage-ID: `))
      assert.ok(raw.toString().endsWith('\r\n\r\nbody\r\nline\r\n'))
    })

    it('is refused with NUL in its header, or with a line there that is no field', async () => {
      const { capabilities } = installation
      for (const line of ['X-A: a\0b', 'no field at all']) {
        const raw = Buffer.from(`${FROM}\r\n${line}\r\n\r\nx\r\n`)
        const request = someDelivery(tenant, ['a@example.com'], { raw })
        await assert.rejects(capabilities.acceptDelivery(request), { code: 'invalid-value', field: 'raw' })
      }
    })

    it('goes to every recipient with a link of its own', async () => {
      const before = sink.messages.length
      const { capabilities } = installation
      const names = ['a@example.com', 'b@example.com', 'c@example.com']
      const { id } = await capabilities.acceptDelivery(someDelivery(tenant, names, { raw: message(HEAD) }))
      await settled(capabilities, id, 'sent')
      const recipients = sink.messages.slice(before).map(({ to, raw }) => {
        const [, classId = '', token = ''] =
          /<https:\/\/u\.example\.com\/(\w+)\/-([\w-]+)>/.exec(raw.toString()) ?? []
        const opened = capabilities.links.open(classId, token)
        assert.ok(opened.ok)
        assert.deepEqual(to, [opened.recipient])
        return opened.recipient
      })
      assert.deepEqual(recipients.toSorted(), names)
    })
  })

  function message(head: readonly string[]): Buffer {
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), BODY])
  }

  async function arriving(given: Buffer) {
    const { capabilities, time } = installation
    assert.equal(time.now, NOON)
    const before = sink.messages.length
    const request = someDelivery(tenant, ['taro@example.com'], { raw: given })
    const { id } = await capabilities.acceptDelivery(request)
    const [row] = await settled(capabilities, id, 'sent')
    assert.ok(row)
    return { id, row, raw: sink.messages[before]?.raw ?? Buffer.alloc(0) }
  }
})

const FEEDBACK_ID = /^Feedback-ID: d\d+:s\d+:f-[a-z2-7]{23}:kaijo\r\n/m

/** The head up to the first field that was added, and from there on, one character a byte. */
function cutAtList(raw: Buffer): [start: string, added: string] {
  const head = splitMessage(raw).head.toString('latin1')
  const at = head.indexOf('Feedback-ID:')
  return [head.slice(0, at), head.slice(at)]
}
