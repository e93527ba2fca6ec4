import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { type KaijoExclusion, type KaijoOptions, kaijoTransport } from '../../src/nodemailer/kaijo.ts'
import { type SinkMessage, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { header, type SomeKaijo, someKaijo, someServer } from './some-kaijo.ts'

describe('the nodemailer transport', () => {
  const endings: (() => Promise<void>)[] = []
  const life: Lifetime = { after: (end: () => Promise<void>) => void endings.push(end) }
  let sink: SmtpSink
  let server: SomeKaijo
  let number = 0
  let reader: string

  before(async () => {
    sink = await startSmtpSink()
    server = await someKaijo(life, sink)
  })
  after(async () => {
    for (const end of endings.reverse()) await end()
    await sink.close()
  })
  beforeEach(() => {
    reader = `reader-${++number}@example.jp`
  })

  /** What came for the readers of this test, once there are so many. */
  const arrived = async (count: number): Promise<SinkMessage[]> => {
    for (let all = count; ; all++) {
      const messages = await sink.waitFor(all)
      const own = messages.filter(({ to }) => to[0]?.endsWith(reader))
      if (own.length >= count) return own
    }
  }
  const send = (mail: SendMailOptions & { kaijo?: object }, options: Partial<KaijoOptions> = {}) =>
    createTransport(kaijoTransport({ ...server.options, ...options })).sendMail({
      ...{ from: 'お知らせ <news@example.com>', subject: 'こんにちは', text: 'Hello' },
      ...mail,
    } as SendMailOptions)

  it('sends to each recipient with a link of their own, and tells who was left out', async () => {
    const [a, b, c] = [`a-${reader}`, `b-${reader}`, `c-${reader}`]
    await server.stop('blocklist', b)
    const told: string[] = []
    const info = await send({ to: [a, b], bcc: c }, { onExcluded: ({ address }) => told.push(address) })
    const { accepted, rejected, pending, excluded, deliveryId, response } = info
    assert.deepEqual([accepted, rejected, pending, told], [[a, c], [b], [], [b]])
    assert.deepEqual(
      excluded.map(({ address, list }: KaijoExclusion) => [address, list]),
      [[b, 'blocklist']],
    )
    assert.equal(response, `delivery ${deliveryId}: 2 accepted, 1 excluded by blocklist`)
    const messages = await arrived(2)
    assert.deepEqual(messages.map(({ to }) => to).sort(), [[a], [c]])
    const links = new Set(messages.map(({ raw }) => header(raw, 'List-Unsubscribe')))
    assert.equal(links.size, 2)
    for (const { raw } of messages) {
      assert.equal(header(raw, 'Message-ID'), info.messageId)
      assert.equal(header(raw, 'Bcc'), undefined)
    }
  })

  it('tells of every spelling of a mailbox that it was left out', async () => {
    const [a, capital] = [`a-${reader}`, `A-${reader}`]
    await server.stop('blocklist', a)
    const { accepted, rejected } = await send({ to: [a, `b-${reader}`], bcc: capital })
    assert.deepEqual([accepted, rejected], [[`b-${reader}`], [a, capital]])
  })

  it('fails when everybody is excluded, unless one says so', async () => {
    await server.stop('sender:news@example.com', reader)
    await assert.rejects(send({ to: reader }), {
      code: 'EKAIJOEXCLUDED',
      message: /sender:news@example\.com/,
    })
    const { accepted, rejected } = await send({ to: reader }, { allExcluded: 'skip' })
    assert.deepEqual([accepted, rejected], [[], [reader]])
    await send({ to: reader, kaijo: { transactional: true } })
    const [message] = await arrived(1)
    assert.equal(header(message?.raw as Buffer, 'List-Unsubscribe'), undefined)
  })

  it('takes a mail once: under its Message-ID and recipients, or under the name that it is given', async () => {
    const mail = { to: reader, messageId: `<${reader}>`, date: new Date(0) }
    const { deliveryId } = await send(mail)
    assert.equal((await send(mail)).deliveryId, deliveryId)
    await assert.rejects(send({ ...mail, text: 'Another' }), { code: 'EKAIJOREPEATED' })
    await send({ ...mail, to: `other-${reader}` })
    const raw = `From: news@example.com\r\nMessage-ID: <whole-${reader}>\r\n\r\nbody\r\n`
    const whole = await send({ raw, envelope: { from: 'news@example.com', to: `whole-${reader}` } })
    assert.equal(whole.messageId, `<whole-${reader}>`)
    const again = await send({ raw, envelope: { from: 'news@example.com', to: `whole-${reader}` } })
    assert.equal(again.deliveryId, whole.deliveryId)
    const kaijo = { requestId: reader }
    await send({ to: `named-${reader}`, kaijo })
    await assert.rejects(send({ to: `named-${reader}`, text: 'Another', kaijo }), { code: 'EKAIJOREPEATED' })
    assert.equal((await arrived(4)).length, 4)
  })

  it('sends once when the answer is lost', async (t) => {
    let calls = 0
    const url = await someServer(t, (incoming, response) => {
      const { method, headers } = incoming
      const outgoing = request(`${server.options.url}${incoming.url}`, { method, headers }, (answer) => {
        if (++calls === 1) return void answer.resume().on('end', () => response.destroy())
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      incoming.pipe(outgoing)
    })
    const { accepted } = await send({ to: reader }, { url })
    assert.deepEqual([accepted, calls], [[reader], 2])
    await send({ to: `last-${reader}` })
    assert.deepEqual((await arrived(2)).flatMap(({ to }) => to).sort(), [`last-${reader}`, reader])
  })

  it('says of nobody that they were accepted when it may not look', async () => {
    await server.stop('blocklist', `a-${reader}`)
    const to = [`a-${reader}`, `b-${reader}`]
    const info = await send({ to }, { key: server.sendOnlyKey })
    assert.deepEqual([info.accepted, info.rejected, info.pending], [[], [], to])
    assert.match(info.response, /1 accepted, 1 excluded by blocklist/)
  })

  it('rejects what is no address', async () => {
    const envelope = { from: 'news@example.com', to: ['nobody', reader] }
    assert.deepEqual((await send({ to: reader, envelope })).rejected, ['nobody'])
    await assert.rejects(send({ to: reader, envelope: { ...envelope, to: 'nobody' } }), {
      code: 'EKAIJOADDRESS',
    })
    await assert.rejects(send({}), { code: 'EKAIJOADDRESS' })
  })

  it('tells why Kaijo does not take a mail', async () => {
    await assert.rejects(send({ from: 'a@elsewhere.example', to: reader }), {
      code: 'EKAIJOREFUSED',
      message: /^Kaijo: from: a@elsewhere\.example is not a sender/,
    })
  })
})
