import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { txtStrings } from '../../../src/mail/dkim-keys.ts'
import { splitMessage } from '../../../src/mail/header-block.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOON } from '../../support/installation.ts'
import {
  addClient,
  authPlain,
  type Client,
  type Gateway,
  mail,
  mailer,
  send,
  sharedGateway,
} from './gateway.ts'
import { connectRaw } from './raw-client.ts'

forEachEngine((engine) => {
  const shared = sharedGateway(engine.name, { KAIJO_SMTPS_LISTEN: '127.0.0.1:0' })
  let gateway: Gateway
  let client: Client
  beforeEach(async () => {
    gateway = shared()
    client = await addClient(gateway)
  })

  describe('the SMTP gateway', () => {
    it('carries a mail through to the relay, with the header pair and all else as it was', async (t) => {
      const application = mailer(gateway.installation.smtp, client.user)
      t.after(() => application.close())
      const { response } = await application.sendMail({
        from: 'News <news@example.com>',
        to: 'taro@example.jp',
        subject: 'こんにちは',
        text: '.dot\nlast line',
      })
      assert.match(response ?? '', /^250 2\.0\.0 queued as \d+ \(1 accepted, 0 excluded\)$/)
      const raw = await arriving('taro@example.jp')
      assert.match(
        splitMessage(raw).head.toString(),
        /\r\nList-Unsubscribe: <https:\/\/u\.example\.com\/\w{16}\/-[\w-]+>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n$/,
      )
      assert.equal(splitMessage(raw).body.toString(), '.dot\r\nlast line\r\n')
    })

    it('signs it, and gives the relay the return path of the client', async () => {
      const { dkim } = gateway.installation.capabilities
      await dkim.create({ domain: 'signed.example', selector: 'k1', algorithm: 'rsa-sha256', now: NOON })
      const signing = await addClient(gateway, { address: 'news@signed.example' })
      const raw = await signing.raw()
      const given = mail('X-Kaijo-Delivery: signed').replace('@example.com', '@signed.example')
      assert.match(await send(raw, given, { to: ['signed@example.jp'] }), /^250 /)
      const arrived = await arriving('signed@example.jp')
      const [key] = await dkim.list()
      const { results } = await dkimVerify(arrived, {
        curTime: new Date(NOON),
        resolver: async () => [txtStrings(key?.record ?? '')],
      })
      assert.deepEqual(
        results.map(({ status, signingDomain }) => [status.result, signingDomain]),
        [['pass', 'signed.example']],
      )
      const message = gateway.sink.messages.find(({ to }) => to.includes('signed@example.jp'))
      assert.equal(message?.from, 'bounces@example.com')
      raw.destroy()
    })

    it('takes TLS from the first byte on too', async (t) => {
      const application = mailer(gateway.installation.smtps, client.user, { secure: true })
      t.after(() => application.close())
      await application.sendMail({
        from: 'news@example.com',
        to: 'smtps@example.jp',
        subject: 's',
        text: 't',
      })
      assert.ok(await arriving('smtps@example.jp'))
    })

    it('leaves out who is excluded, and says how many in its answer', async () => {
      await client.stop('sender:news@example.com', 'gone@example.jp')
      const raw = await client.raw()
      const reply = await send(raw, mail(), { to: ['gone@example.jp', 'here@example.jp'] })
      assert.match(reply, /^250 2\.0\.0 queued as \d+ \(1 accepted, 1 excluded\)$/)
      await arriving('here@example.jp')
      assert.equal(arrived('gone@example.jp').length, 0)
      assert.deepEqual(await client.rows(), { deliveries: 1, messages: 2 })
      raw.destroy()
    })

    it('takes a mail of which everyone is excluded, and records it', async () => {
      await client.stop('blocklist', 'gone@example.jp')
      const raw = await client.raw()
      const reply = await send(raw, mail(), { to: ['gone@example.jp'] })
      assert.match(reply, /^250 2\.0\.0 queued as \d+ \(0 accepted, 1 excluded\)$/)
      assert.deepEqual(await client.rows(), { deliveries: 1, messages: 1 })
      raw.destroy()
    })

    it('refuses that mail where the service wants to hear of it, naming lists and no recipient', async () => {
      const { database } = gateway.installation.capabilities
      await updateService(database, client.service.id, { settings: { refuseWhenAllExcluded: true } })
      await client.addFilter({ name: '配信', header: 'List-Id', pattern: 'a' })
      await client.stop('filter:配信', 'gone@example.jp')
      const raw = await client.raw()
      assert.match(
        await send(raw, mail('List-Id: a'), { to: ['gone@example.jp'] }),
        /^550 5\.7\.1 every recipient is excluded \(filter:\\x\{914D\}\\x\{4FE1\}\); recorded as \d+$/,
      )
      assert.deepEqual(await client.rows(), { deliveries: 1, messages: 1 })
      assert.match(await send(raw, mail('List-Id: a'), { to: ['gone@example.jp', 'x@example.jp'] }), /^250 /)
      raw.destroy()
    })

    it('carries several mails on one connection, in one go', async () => {
      const raw = await client.raw()
      const transaction = (to: string) => `MAIL FROM:<> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<${to}>\r\nDATA\r\n`
      raw.write(transaction('one@example.jp'))
      for (const code of [250, 250, 354]) assert.equal((await raw.reply()).slice(0, 3), `${code}`)
      raw.write(`${mail()}.\r\n${transaction('two@example.jp')}`)
      for (const code of [250, 250, 250, 354]) assert.equal((await raw.reply()).slice(0, 3), `${code}`)
      raw.write(`${mail()}.\r\nQUIT\r\n`)
      assert.match(await raw.reply(), /^250 2\.0\.0 queued/)
      assert.match(await raw.reply(), /^221 /)
      assert.equal(await raw.closed(), '')
      await arriving('one@example.jp')
      await arriving('two@example.jp')
    })

    it('answers a client to the end that has closed its own side', async () => {
      const raw = await client.raw()
      await raw.say('MAIL FROM:<>')
      await raw.say('RCPT TO:<half@example.jp>')
      await raw.say('DATA')
      raw.write(`${mail()}.\r\n`)
      raw.end()
      assert.match(await raw.reply(), /^250 2\.0\.0 queued/)
      await raw.closed()
      await arriving('half@example.jp')
    })

    it('makes mails that come one by one under one name a single delivery', async () => {
      const raw = await client.raw()
      await send(raw, mail('X-Kaijo-Delivery: October'), { to: ['a@example.jp'] })
      await send(raw, mail('X-Kaijo-Delivery: October'), { to: ['b@example.jp'] })
      assert.deepEqual(await client.rows(), { deliveries: 1, messages: 2 })
      raw.destroy()
    })

    it('mails who opted out when the mail is transactional, and without a header of ours', async () => {
      await client.stop('sender:news@example.com', 'receipt@example.jp')
      const raw = await client.raw()
      const control = ['X-Kaijo-Transactional: yes', 'x-kaijo-anything :\r\n folded', 'X-Kaijo-Delivery: R']
      await send(raw, mail(...control), { to: ['receipt@example.jp'] })
      const { head } = splitMessage(await arriving('receipt@example.jp'))
      assert.doesNotMatch(head.toString(), /^X-Kaijo|folded|List-Unsubscribe/im)
      raw.destroy()
    })
  })

  const arrived = (to: string) => gateway.sink.messages.filter((message) => message.to.includes(to))

  async function arriving(to: string): Promise<Buffer> {
    for (let count = 1; arrived(to).length === 0; count++) {
      await gateway.sink.waitFor(Math.max(count, gateway.sink.messages.length + 1))
    }
    return arrived(to)[0]?.raw ?? Buffer.alloc(0)
  }
})

describe('the SMTP gateway off loopback', () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address
  const shared = sharedGateway('sqlite', { KAIJO_SMTP_LISTEN: '0.0.0.0:0' })

  it('takes neither credentials nor mail before TLS', { skip: !outside }, async (t) => {
    const gateway = shared()
    const client = await addClient(gateway)
    const address = gateway.installation.smtp.replace('0.0.0.0', outside ?? '')
    const raw = await connectRaw(address)
    assert.doesNotMatch(await raw.say('EHLO client'), /AUTH/)
    for (const command of [
      authPlain(client.user),
      'AUTH LOGIN',
      'MAIL FROM:<>',
      'RCPT TO:<a@b.jp>',
      'DATA',
    ]) {
      assert.equal(await raw.say(command), '530 5.7.0 issue STARTTLS first')
    }
    raw.destroy()
    const application = mailer(address, client.user, { requireTLS: true })
    t.after(() => application.close())
    await application.sendMail({ from: 'news@example.com', to: 'tls@example.jp', subject: 's', text: 't' })
    assert.equal((await client.rows()).messages, 1)
  })

  it('has made a certificate that is for its user alone', () => {
    const { mode } = statSync(join(shared().installation.dataDir, 'smtp-certificate.pem'))
    assert.equal(mode & 0o777, 0o600)
  })
})
