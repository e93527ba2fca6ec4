import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, beforeEach, describe, it } from 'node:test'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { type KaijoExclusion, type KaijoOptions, kaijo } from '../../src/nodemailer/kaijo.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { type Lifetime, tempDir } from '../support/temp-dir.ts'
import { header, type SomeKaijo, someKaijo } from './some-kaijo.ts'

const MAIL = { from: 'News <news@example.com>', subject: 'Hi', text: 'Hello' }

describe('the nodemailer plugin', () => {
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
    sink.messages.length = 0
    reader = `reader-${++number}@example.jp`
  })

  const transporter = (options: Partial<KaijoOptions> = {}, smtp: object = {}) => {
    const made = createTransport({ host: '127.0.0.1', port: sink.port, ignoreTLS: true, ...smtp })
    made.use('stream', kaijo({ ...server.options, ...options }))
    return made
  }
  const send = (mail: SendMailOptions & { kaijo?: object }, options: Partial<KaijoOptions> = {}) =>
    transporter(options).sendMail({ ...MAIL, ...mail } as SendMailOptions)
  const arrived = () => {
    assert.equal(sink.messages.length, 1)
    return sink.messages[0]?.raw as Buffer
  }

  describe('what it adds', () => {
    it('is the header pair with the link of the recipient, each header on one line', async () => {
      await send({ to: reader })
      const lines = arrived().toString().split('\r\n')
      const pair = lines.filter((line) => line.startsWith('List-Unsubscribe'))
      assert.equal(pair.length, 2)
      assert.match(
        pair[0] ?? '',
        /^List-Unsubscribe: <https:\/\/u\.example\.com\/[a-z2-7]{16}\/-[\w-]{50,}>$/,
      )
      assert.equal(pair[1], 'List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    })

    it('stops the recipient when a provider posts to it, and then nothing is sent', async () => {
      await send({ to: reader })
      await server.pressUnsubscribe(arrived())
      const failure = await send({ to: reader }).catch((error) => error)
      assert.equal(failure.code, 'EKAIJOEXCLUDED')
      assert.equal(failure.permanent, true)
      assert.deepEqual(
        failure.excluded.map(({ address, list, reason }: KaijoExclusion) => ({ address, list, reason })),
        [{ address: reader, list: 'sender:news@example.com', reason: 'unsubscribed' }],
      )
      assert.equal(sink.messages.length, 1)
    })

    it('takes the place of a header that offers no https link', async () => {
      await send({ to: reader, list: { unsubscribe: 'mailto:stop@example.com', id: 'a.example.com' } })
      assert.match(header(arrived(), 'List-Unsubscribe') ?? '', /^<https:[^,]+>$/)
      assert.equal(header(arrived(), 'List-Id'), '<a.example.com>')
    })

    it('leaves a link alone that the mail brings along', async () => {
      const headers = { 'List-Unsubscribe': '<https://own.example/stop>' }
      await send({ to: reader, headers })
      assert.equal(header(arrived(), 'List-Unsubscribe'), headers['List-Unsubscribe'])
      assert.equal(header(arrived(), 'List-Unsubscribe-Post'), undefined)
    })

    it('is nothing when From is not registered for one-click', async () => {
      for (const from of ['shop@example.com', 'anybody@elsewhere.example']) {
        sink.messages.length = 0
        await send({ from, to: reader })
        assert.equal(header(arrived(), 'List-Unsubscribe'), undefined)
        assert.equal(header(arrived(), 'List-Unsubscribe-Post'), undefined)
      }
    })

    it('is the link of the filter that matches', async () => {
      await send({ to: reader, headers: { 'X-List': 'tips' } })
      await server.pressUnsubscribe(arrived())
      await assert.rejects(send({ to: reader, headers: { 'x-list': 'tips' } }), /filter:Tips/)
      await send({ to: reader, headers: { 'X-List': 'other' } })
      assert.equal(sink.messages.length, 2)
    })

    it('goes onto a whole message too, which stays as it was otherwise', async (t) => {
      const body = 'odd \n.\n..\r\nlines \xff'
      const head = 'from: news@example.com\r\nX-Odd:  a\r\n\tb\r\nlist-unsubscribe: nonsense\r\n'
      const bytes = Buffer.from(`${head}\r\n${body}`, 'latin1')
      const path = join(tempDir(t), 'whole.eml')
      writeFileSync(path, bytes)
      for (const raw of [bytes, Readable.from([bytes]), { path }]) {
        sink.messages.length = 0
        await send({ raw: raw as Buffer, envelope: { from: 'news@example.com', to: reader } })
        const [before, after = ''] = arrived().toString('latin1').split('List-Unsubscribe: <https')
        assert.equal(before, 'from: news@example.com\r\nX-Odd:  a\r\n\tb\r\n')
        assert.match(after, /^:[^\r\n]+>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nodd /)
        assert.ok(after.trimEnd().endsWith('lines \xff'))
      }
    })

    it('is signed with the rest where nodemailer signs', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
      const dkim = {
        domainName: 'example.com',
        keySelector: 'k',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
      for (const [options, mail] of [
        [{ dkim }, {}],
        [{}, { dkim }],
        [{ dkim: { ...dkim, headerFieldNames: 'From:Subject:X-Mine' } }, { headers: { 'X-Mine': '1' } }],
      ]) {
        sink.messages.length = 0
        await transporter({}, options).sendMail({ ...MAIL, to: reader, ...mail })
        const { results } = await dkimVerify(arrived(), {
          resolver: async () => [[`v=DKIM1; k=rsa; p=${key}`]],
        })
        assert.deepEqual(
          results.map(({ status }) => status.result),
          ['pass'],
        )
        const signed = /\sh=([^;]+);/.exec(header(arrived(), 'DKIM-Signature') ?? '')?.[1]?.replace(/\s/g, '')
        const names = signed?.toLowerCase().split(':') ?? []
        for (const name of ['from', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']) {
          assert.ok(names.includes(name), `${name} in ${signed}`)
        }
        assert.equal(names.includes('x-mine'), 'headers' in (mail ?? {}))
      }
    })
  })

  describe('who is excluded', () => {
    it('is left out of the envelope and of To, Cc and Bcc, and told of', async () => {
      await server.stop('blocklist', `a-${reader}`, `c-${reader}`, `d-${reader}`)
      const told: unknown[] = []
      const info = await send(
        {
          from: 'shop@example.com',
          to: [`A <a-${reader}>`, { name: '太郎', address: `b-${reader}` }],
          cc: `c-${reader}`,
          bcc: [`d-${reader}`, `e-${reader}`],
        },
        { onExcluded: (exclusion, mail) => told.push([exclusion, mail.messageId]) },
      )
      const [message] = sink.messages
      assert.deepEqual(message?.to, [`b-${reader}`, `e-${reader}`])
      assert.match(header(arrived(), 'To') ?? '', new RegExp(`^=\\?UTF-8\\?\\S+ <b-${reader}>$`))
      assert.equal(header(arrived(), 'Cc'), undefined)
      const excluded = (info as unknown as { excluded: KaijoExclusion[] }).excluded
      assert.deepEqual(
        excluded.map(({ address, list }) => [address, list]),
        [`a-${reader}`, `c-${reader}`, `d-${reader}`].map((address) => [address, 'blocklist']),
      )
      assert.deepEqual(
        told,
        excluded.map((exclusion) => [exclusion, info.messageId]),
      )
    })

    it('is left out of an envelope of its own, too', async () => {
      await server.stop('blocklist', `a-${reader}`)
      const envelope = { from: 'bounces@example.com', to: [`a-${reader}`, `b-${reader}`] }
      await send({ to: 'everybody@example.com', envelope })
      assert.deepEqual(
        [sink.messages[0]?.from, sink.messages[0]?.to],
        ['bounces@example.com', [`b-${reader}`]],
      )
      assert.equal(header(arrived(), 'To'), 'everybody@example.com')
    })

    it('counts under every spelling of the address', async () => {
      await server.stop('blocklist', `${reader.replace('@example.jp', '@例え.jp')}`)
      await assert.rejects(send({ to: reader.toUpperCase().replace('@EXAMPLE.JP', '@例え.JP') }), {
        code: 'EKAIJOEXCLUDED',
      })
    })

    it('may be everybody without an error, when one says so', async () => {
      await server.stop('blocklist', reader)
      const info = await send({ to: reader }, { allExcluded: 'skip' })
      assert.deepEqual([info.accepted, info.rejected, info.envelope.to], [[], [reader], []])
      assert.equal(sink.messages.length, 0)
    })
  })

  it('refuses to put one link on a mail to several', async () => {
    await assert.rejects(send({ to: [`a-${reader}`, `b-${reader}`] }), {
      code: 'EKAIJORECIPIENTS',
      message: /not to 2/,
    })
    assert.equal(sink.messages.length, 0)
  })

  it('takes one mailbox in two spellings for one recipient', async () => {
    await send({ to: reader, bcc: reader.replace('reader', 'Reader') })
    assert.ok(header(arrived(), 'List-Unsubscribe'))
    await server.pressUnsubscribe(arrived())
    await assert.rejects(send({ to: reader, bcc: reader.replace('reader', 'Reader') }), {
      code: 'EKAIJOEXCLUDED',
    })
  })

  it('lets transactional mail pass without a link, past opt-outs but not past the blocklist', async () => {
    await server.stop('sender:news@example.com', reader)
    await server.stop('blocklist', `blocked-${reader}`)
    const kaijo = { transactional: true }
    await send({ to: [reader, `b-${reader}`], kaijo })
    assert.deepEqual(sink.messages[0]?.to, [reader, `b-${reader}`])
    assert.equal(header(arrived(), 'List-Unsubscribe'), undefined)
    await assert.rejects(send({ to: `blocked-${reader}`, kaijo }), { code: 'EKAIJOEXCLUDED' })
  })

  it('refuses a mail to what is no address', async () => {
    await assert.rejects(
      send({ to: reader, envelope: { from: 'news@example.com', to: [reader, 'nobody'] } }),
      {
        code: 'EKAIJOADDRESS',
        message: 'not a mail address: nobody',
      },
    )
  })

  it('does the same, once, when it is given to the compile step', async () => {
    const made = createTransport({ host: '127.0.0.1', port: sink.port, ignoreTLS: true })
    const plugin = kaijo(server.options)
    made.use('compile', plugin).use('stream', plugin)
    for (const to of [`a-${reader}`, `b-${reader}`]) await made.sendMail({ ...MAIL, to })
    assert.equal(sink.messages.length, 2)
    for (const { raw } of sink.messages) assert.match(header(raw, 'List-Unsubscribe') ?? '', /^<https:/)
  })
})
