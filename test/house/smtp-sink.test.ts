import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createTransport } from 'nodemailer'
import { type SinkOptions, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'

const RAW = Buffer.from(
  'Subject: \xe9\r\n\r\n.leading dot\r\n..two\r\n \xff8-bit, no line break at the end\r\n',
  'latin1',
)

describe('the SMTP sink', () => {
  let sink: SmtpSink
  beforeEach(async () => {
    sink = await startSmtpSink()
  })
  afterEach(() => sink.close())

  it('keeps envelope and bytes exactly as they were sent', async () => {
    await send(sink, { to: ['a@example.com', 'b@example.com'] })
    const [message] = await sink.waitFor(1)
    assert.equal(message?.from, 'sender@example.com')
    assert.deepEqual(message?.to, ['a@example.com', 'b@example.com'])
    assert.deepEqual(message?.raw, RAW)
    assert.equal(message?.secure, false)
  })

  it('refuses at every stage in the words it was given', async () => {
    for (const stage of ['mail', 'rcpt', 'data'] as const) {
      sink.setReply((at) => (at === stage ? { code: 451, text: `4.7.1 not at ${stage}` } : undefined))
      await assert.rejects(send(sink), { responseCode: 451, response: `451 4.7.1 not at ${stage}` })
    }
    assert.deepEqual(sink.messages, [])
  })

  it('refuses one recipient and takes the others', async () => {
    sink.setReply((_, { address }) =>
      address === 'gone@example.com' ? { code: 550, text: '5.1.1 unknown' } : undefined,
    )
    await send(sink, { to: ['gone@example.com', 'there@example.com'] })
    assert.deepEqual(sink.messages[0]?.to, ['there@example.com'])
  })

  it('drops the connection instead of answering', async () => {
    sink.setReply((stage, { raw }) => (stage === 'data' && raw.equals(RAW) ? 'drop' : undefined))
    await assert.rejects(send(sink), { code: /^(ECONNECTION|ECONNRESET|ESOCKET)$/ })
    assert.deepEqual(sink.messages, [])
  })

  it('stalls until it is closed', async () => {
    sink.setReply((stage) => (stage === 'rcpt' ? 'stall' : undefined))
    await assert.rejects(send(sink, {}, { socketTimeout: 150 }), { code: 'ETIMEDOUT' })
  })

  it('outlives a client that goes away in the middle of a message', async () => {
    const client = connect(sink.port, '127.0.0.1')
    client.on('data', (reply) => {
      if (String(reply).includes('354 ')) client.destroy()
    })
    await once(client, 'data')
    client.write('EHLO me\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: half')
    await once(client, 'close')
    await send(sink)
    assert.equal(sink.messages.length, 1)
  })

  it('says how many messages it waited for in vain', async () => {
    await assert.rejects(sink.waitFor(1, 20), /0 of 1 messages/)
  })
})

describe('the SMTP sink with security', () => {
  const tls = { rejectUnauthorized: false }
  const variants: SinkOptions[] = [{ tls: 'starttls' }, { tls: 'implicit' }]
  for (const options of variants) {
    it(`takes mail over ${options.tls} from those who know the password`, async (t) => {
      const sink = await startSmtpSink({ ...options, credentials: { user: 'kaijo', pass: 'secret' } })
      t.after(() => sink.close())
      await assert.rejects(send(sink, {}, { tls }), { responseCode: 530 })
      await assert.rejects(send(sink, {}, { tls, auth: { user: 'kaijo', pass: 'wrong' } }), {
        responseCode: 535,
      })
      await send(sink, {}, { tls, auth: { user: 'kaijo', pass: 'secret' } })
      assert.equal(sink.messages[0]?.secure, true)
    })
  }
})

function send(sink: SmtpSink, envelope: { to?: string[] } = {}, options: object = {}): Promise<unknown> {
  const transport = createTransport({ ...options, url: sink.url })
  return transport.sendMail({
    envelope: { from: 'sender@example.com', to: envelope.to ?? ['a@example.com'] },
    raw: RAW,
  })
}
