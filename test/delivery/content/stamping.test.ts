import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import PostalMime, { decodeWords } from 'postal-mime'
import type { DeliveryRequest } from '../../../src/delivery/accept/delivery-request.ts'
import { parseHeaderBlock, splitMessage, valuesOf } from '../../../src/mail/header-block.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, type Installation, sharedInstallation, type Tenant } from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { settled, someDelivery } from '../some-delivery.ts'

const POST = 'List-Unsubscribe=One-Click'
const OWN = 'https://client.example/u?taro'

forEachEngine((engine) => {
  let sink: SmtpSink
  const shared = sharedInstallation(engine.name, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    const env = {
      KAIJO_RELAY_URL: sink.url,
      KAIJO_PUBLIC_URL: 'https://u.example.com/m',
      KAIJO_INBOUND_DOMAIN: 'in.example.com',
    }
    return { serves: 'worker', env }
  })
  let installation: Installation
  let tenant: Tenant
  beforeEach(async () => {
    installation = shared()
    tenant = await addTenant(installation, { allowedDomains: ['allowed.example'] })
  })

  describe('a mail that arrives', () => {
    it('bears the link of its sender’s list as URL and mail, each field once, on one line', async () => {
      const { head } = await arriving({})
      const lines = head.filter((line) => /^list-unsubscribe/i.test(line))
      const { classId } = tenant.sender
      const [, url, mailto] =
        /^List-Unsubscribe: <([^>]+)>, <mailto:unsub@in\.example\.com\?subject=([^>]+)>$/.exec(
          lines[0] ?? '',
        ) ?? []
      assert.match(url ?? '', new RegExp(`^https://u\\.example\\.com/m/${classId}/-[\\w-]{60,90}$`))
      assert.equal(url, `https://u.example.com/m/${mailto}`)
      assert.deepEqual(lines.slice(1), [`List-Unsubscribe-Post: ${POST}`])
    })

    it('bears a link that opens to its recipient and its message', async () => {
      const { links, url, messageId } = await arriving({ recipients: [{ to: 'Taro@Example.com' }] })
      assert.ok(links.ok && links.message?.kind === 'ours')
      assert.equal(links.recipient, 'Taro@Example.com')
      assert.equal(messageId, `${links.message.deliveryId}.${links.message.id}@example.com`)
      assert.ok(url.length < 150)
    })

    it('shows the same link in its text and its HTML, by either name', async () => {
      const { url, raw } = await arriving({
        text: 'Leave: {{unsubscribe_url}} {{KarteUnsubscribeUrl}}',
        html: '<a href="{{unsubscribe_url}}">x</a><a href="{{ KarteUnsubscribeUrl }}">y</a>',
      })
      const { text, html } = await PostalMime.parse(raw)
      assert.equal(text?.trim(), `Leave: ${url} ${url}`)
      assert.equal(html?.trim(), `<a href="${url}">x</a><a href="${url}">y</a>`)
    })

    it('bears the URL that the customer gave for the recipient, and shows it', async () => {
      const recipients = [{ to: 'taro@example.com', unsubscribeUrl: OWN }]
      const mail = await arriving({ recipients, text: '{{unsubscribe_url}}' })
      assert.deepEqual(mail.fields, [[`<${OWN}>`], [POST]])
      assert.match(mail.raw.toString(), /\r\n\r\nhttps:\/\/client\.example\/u\?taro\r\n/)
    })

    it('bears the recipient’s URL from a From that is not registered', async () => {
      const from = { address: 'x@allowed.example' }
      const { fields } = await arriving({
        from,
        recipients: [{ to: 'taro@example.com', unsubscribeUrl: OWN }],
      })
      assert.deepEqual(fields, [[`<${OWN}>`], [POST]])
    })

    it('keeps an https List-Unsubscribe of its own as it came, with or without its Post field', async () => {
      const { fields } = await arriving({ headers: { 'List-Unsubscribe': `<mailto:a@b.example>, <${OWN}>` } })
      assert.deepEqual(fields, [[`<mailto:a@b.example>, <${OWN}>`], []])
      const head = `From: news@example.com\r\nlist-unsubscribe:\r\n <${OWN}>\r\n`
      const raw = Buffer.from(`${head}List-Unsubscribe-Post: ${POST}\r\n\r\nx\r\n`)
      const whole = await arriving({ raw })
      assert.ok(whole.raw.toString().startsWith(`${head}List-Unsubscribe-Post: ${POST}\r\n`))
      assert.deepEqual(whole.fields, [[`<${OWN}>`], [POST]])
    })

    it('has a List-Unsubscribe that is only mail, malformed or doubled replaced', async () => {
      for (const value of ['<mailto:a@b.example>', 'https://bare.example/u', '<http://plain.example/u>']) {
        const { url, fields } = await arriving({ headers: { 'List-Unsubscribe': value } })
        assert.deepEqual([fields[0].length, fields[1]], [1, [POST]], value)
        assert.ok(fields[0][0]?.startsWith(`<${url}>, <mailto:`), value)
      }
      const lines = [
        'List-Unsubscribe: <mailto:a@b.example>',
        `List-Unsubscribe: <${OWN}>`,
        'List-Unsubscribe-Post: x',
      ]
      const raw = Buffer.from(['From: news@example.com', ...lines, '', 'x', ''].join('\r\n'))
      const { url, fields } = await arriving({ raw })
      assert.deepEqual(fields, [[`<${url}>, ${/<mailto:[^>]+>/.exec(fields[0][0] ?? '')}`], [POST]])
      assert.ok(url.startsWith(`https://u.example.com/m/${tenant.sender.classId}/-`))
    })

    it('bears the link of the first filter that matches, before its sender’s, and shows it', async () => {
      await tenant.addFilter({ name: 'second', header: 'X-Kind', pattern: 'a', position: 2 })
      const first = await tenant.addFilter({
        name: 'first',
        header: 'X-Kind',
        pattern: 'a|b',
        match: 'regex',
        position: 1,
      })
      const { url, raw } = await arriving({ headers: { 'X-Kind': 'a' }, text: '{{unsubscribe_url}}' })
      assert.ok(url.startsWith(`https://u.example.com/m/${first.classId}/-`))
      assert.ok(raw.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=').includes(`\r\n\r\n${url}`))
    })

    it('bears the filter’s link of each recipient’s own header', async () => {
      const [a, b] = [
        await tenant.addFilter({ name: 'A', header: 'X-List', pattern: 'a' }),
        await tenant.addFilter({ name: 'B', header: 'X-List', pattern: 'b' }),
      ]
      for (const [list, { classId }] of [
        ['a', a],
        ['b', b],
        ['c', tenant.sender],
      ] as const) {
        const { url } = await arriving({
          headers: { 'X-List': '{{list}}' },
          recipients: [{ to: 'taro@example.com', substitutions: { list } }],
        })
        assert.ok(url.startsWith(`https://u.example.com/m/${classId}/-`), list)
      }
    })

    it('bears a filter’s link from a From that is not registered', async () => {
      const { classId } = await tenant.addFilter({ name: 'A', header: 'X-Kind', pattern: 'a' })
      const { url } = await arriving({ from: { address: 'x@allowed.example' }, headers: { 'X-Kind': 'a' } })
      assert.ok(url.startsWith(`https://u.example.com/m/${classId}/-`))
    })

    it('bears nothing from a From that is not registered', async () => {
      const { fields } = await arriving({ from: { address: 'x@allowed.example' } })
      assert.deepEqual(fields, [[], []])
    })

    it('bears nothing from a sender that is off for one-click, but shows the link of its stop list', async () => {
      const { classId } = await tenant.addSender({ address: 'off@example.com', oneClick: false })
      const { fields, raw } = await arriving({
        from: { address: 'off@example.com' },
        text: '{{unsubscribe_url}}',
      })
      assert.deepEqual(fields, [[], []])
      assert.ok(raw.toString().replaceAll('=\r\n', '').includes(`https://u.example.com/m/${classId}/-`))
    })

    it('bears nothing when it is transactional', async () => {
      await tenant.addFilter({ name: 'A', header: 'X-Kind', pattern: 'a' })
      const { fields } = await arriving({
        transactional: true,
        headers: { 'X-Kind': 'a' },
        recipients: [{ to: 'taro@example.com', unsubscribeUrl: OWN }],
      })
      assert.deepEqual(fields, [[], []])
    })

    it('is written as it was asked for: From, To, Reply-To, Subject, Date and further headers', async () => {
      const { raw } = await arriving({
        from: { name: 'お知らせ', address: 'News@example.com' },
        replyTo: { name: 'Help', address: 'help@example.com' },
        subject: '{{name}}様へ',
        html: '<b>{{name}}</b>',
        text: '{{name}}',
        headers: { 'X-Tag': '{{name}}' },
        recipients: [{ to: 'taro@example.com', substitutions: { name: '山田<太郎>' } }],
      })
      const mail = await PostalMime.parse(raw)
      assert.deepEqual([mail.from?.name, mail.from?.address], ['お知らせ', 'News@example.com'])
      assert.equal(mail.to?.[0]?.address, 'taro@example.com')
      assert.equal(mail.replyTo?.[0]?.address, 'help@example.com')
      assert.equal(mail.subject, '山田<太郎>様へ')
      assert.equal(mail.date, new Date(installation.time.now).toISOString())
      assert.equal(decodeWords(mail.headers.find(({ key }) => key === 'x-tag')?.value ?? ''), '山田<太郎>')
      assert.equal(mail.text?.trim(), '山田<太郎>')
      assert.equal(mail.html?.trim(), '<b>山田&lt;太郎&gt;</b>')
    })
  })

  /** What the sink got of a delivery to one recipient. */
  async function arriving(given: Partial<DeliveryRequest>) {
    const { capabilities } = installation
    const before = sink.messages.length
    const request = someDelivery(tenant, given.recipients ?? ['taro@example.com'], given)
    const { id } = await capabilities.acceptDelivery(request)
    const [message] = await settled(capabilities, id, 'sent')
    const { raw = Buffer.alloc(0) } = sink.messages[before] ?? {}
    const { head } = splitMessage(raw)
    const fields = parseHeaderBlock(head)
    const valuesAt = (name: string) => valuesOf(fields, name)
    const [, url = '', classId = '', token = ''] =
      /<(https:\/\/u\.example\.com\/m\/(\w+)\/-([\w-]+))>/.exec(valuesAt('List-Unsubscribe').join()) ?? []
    assert.equal(valuesAt('Message-ID').join(), `<${message?.messageId}>`)
    return {
      raw,
      head: head.toString('latin1').split('\r\n'),
      fields: [valuesAt('List-Unsubscribe'), valuesAt('List-Unsubscribe-Post')] as const,
      url,
      links: capabilities.links.open(classId, token),
      messageId: message?.messageId,
    }
  }
})
