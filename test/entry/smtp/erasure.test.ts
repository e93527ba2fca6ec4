import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { createLogger } from '../../../src/kernel/log.ts'
import { tracesOf } from '../../storage/traces-of.ts'
import { eraseFrom } from '../../subscribers/erase/erase-from.ts'
import { forEachEngine } from '../../support/engines.ts'
import { sharedInstallation } from '../../support/installation.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { addApiUser, authPlain } from './gateway.ts'
import { addSender, bounceOf, bring, complaintOf, DOMAIN, type MailOfOurs, type Sender } from './incoming.ts'
import { connectRaw } from './raw-client.ts'

const TRACE = /taro\.yamada/i
const FULL = { status: '4.2.2', code: 'smtp; 452 4.2.2 <taro.yamada@example.jp>: mailbox full' }

/** As Gmail writes it, in short. */
const unsubscribe = ({ to, mailto }: MailOfOurs) =>
  `From: Taro <${to}>\nTo: ${mailto.address}\nSubject: ${mailto.subject}\n\nSent for ${to}.\n`

forEachEngine(({ name: engine }) => {
  let sink: SmtpSink
  const log: string[] = []
  const shared = sharedInstallation(engine, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    return {
      serves: 'smtp,inbound,worker',
      log: createLogger({ level: 'trace', destination: { write: (line: string) => void log.push(line) } }),
      env: {
        KAIJO_RELAY_URL: sink.url,
        KAIJO_PUBLIC_URL: 'https://u.example.com',
        KAIJO_INBOUND_DOMAIN: DOMAIN,
      },
    }
  })
  const incoming = () => ({ installation: shared(), sink })
  const { database, erase } = {
    database: () => shared().capabilities.database,
    erase: ({ service }: Sender, key: string) =>
      eraseFrom(shared().capabilities, service.siteId, { address: key, key, domain: 'example.jp' }),
  }

  it('leaves nothing of mail that came in, be it encoded, of no service, or not understood', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('taro.yamada@example.jp')
    await bring(incoming(), mail.returnPath, bounceOf(mail))
    await bring(incoming(), `unsub@${DOMAIN}`, unsubscribe(mail))
    const encoded = Buffer.from('I am taro.yamada@example.jp').toString('base64')
    const letter = `Subject: hi\nContent-Transfer-Encoding: base64\n\n${encoded}\n`
    await bring(incoming(), `unsub@${DOMAIN}`, letter)
    await bring(incoming(), `unsub@${DOMAIN}`, 'From: hanako@example.jp\nSubject: hi\n\nI stay.\n')
    assert.ok((await tracesOf(database(), TRACE)).some((trace) => trace.startsWith('inbound_mail')))

    const { replaced } = await erase(sender, 'taro.yamada@example.jp')
    assert.equal(replaced['inbound_mail'], 3)
    assert.deepEqual(await tracesOf(database(), TRACE), [])
    assert.deepEqual(await tracesOf(database(), new RegExp(encoded.slice(0, 20))), [])
    assert.equal((await tracesOf(database(), /I stay/)).length, 1)
    assert.match((await sender.excluded('taro.yamada@example.jp')) ?? '', /^hard-bounces|^sender/)
    assert.match(await bring(incoming(), mail.returnPath, bounceOf(mail)), /\(repeat\)/)
    const again = await erase(sender, 'taro.yamada@example.jp')
    assert.equal(again.replaced['inbound_mail'], undefined)
  })

  for (const [what, list, tell] of [
    ['a bounce for good', 'hard-bounces: user-unknown', bounceOf],
    [
      'a complaint that names them',
      'complaints: complaint',
      (mail: MailOfOurs) => complaintOf(mail, { fields: `Original-Rcpt-To: ${mail.to}\n` }),
    ],
    ['a passing failure', 'hard-bounces: error-count', (mail: MailOfOurs) => bounceOf(mail, FULL)],
    ['a mailto unsubscribe', 'sender:news@example.com: unsubscribed', unsubscribe],
  ] as const) {
    it(`excludes whom ${what} tells of after they were erased, and writes no address back`, async () => {
      const sender = await addSender(incoming(), { settings: { softBounceThreshold: 1 } })
      const mail = await sender.mail('taro.yamada@example.jp')
      await erase(sender, mail.to)
      assert.deepEqual(await tracesOf(database(), TRACE), [])
      const address = what === 'a mailto unsubscribe' ? mail.mailto.address : mail.returnPath
      await bring(incoming(), address, tell(mail), { from: what === 'a mailto unsubscribe' ? mail.to : '' })
      assert.equal(await sender.excluded(mail.to), list)
      assert.deepEqual(await tracesOf(database(), TRACE), [])
      const [kept] = await sender.kept()
      assert.deepEqual([kept?.detail['erased'], kept?.sender], [true, null])
      assert.match(kept?.address ?? '', /^erased:/)
    })
  }

  it('keeps its gateway from mailing whom it excludes by the hash', async () => {
    const sender = await addSender(incoming())
    await sender.stop('sender:news@example.com', 'taro.yamada@example.jp')
    await erase(sender, 'taro.yamada@example.jp')
    const user = await addApiUser(shared(), sender.service)
    const client = await connectRaw(shared().smtp)
    try {
      await client.say('EHLO client.example.com')
      await client.say(authPlain(user))
      await client.say('MAIL FROM:<news@example.com>')
      for (const to of ['Taro.Yamada@example.jp', 'hanako@example.jp']) {
        await client.say(`RCPT TO:<${to}>`)
      }
      await client.say('DATA')
      const count = sink.messages.length
      client.write('From: news@example.com\r\nTo: all@example.com\r\nSubject: x\r\n\r\nHello\r\n')
      assert.match(await client.say('.'), /^250/)
      const sent = await sink.waitFor(count + 1)
      assert.deepEqual(
        sent.slice(count).flatMap(({ to }) => to),
        ['hanako@example.jp'],
      )
    } finally {
      client.destroy()
    }
  })

  it('writes nothing about them into its log or a file of the data directory', () => {
    assert.match(log.join(''), /"msg":/)
    assert.doesNotMatch(log.join(''), TRACE)
    for (const directory of ['journal', 'results', 'uploads']) {
      const path = join(shared().dataDir, directory)
      const files = readdirSync(shared().dataDir).includes(directory) ? readdirSync(path) : []
      for (const file of files) assert.doesNotMatch(readFileSync(join(path, file), 'latin1'), TRACE)
    }
  })
})
