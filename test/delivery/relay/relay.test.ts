import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setDefaultCACertificates } from 'node:tls'
import { createRelay, type Relay, type RelayAnswer } from '../../../src/delivery/relay/relay.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../../support/certificate.ts'
import { freePort } from '../../support/free-port.ts'
import { type SinkOptions, startSmtpSink } from '../../support/smtp-sink.ts'
import { type ScriptedRelay, startScriptedRelay } from './scripted-relay.ts'

const ENVELOPE = { from: 'news@example.com', to: 'taro@example.com' }
const MAIL = Buffer.from('From: news@example.com\r\n\r\nHello\r\n')

describe('the relay', () => {
  it('gets addresses as they were given, quoted where SMTP wants quotes, with the domain of the DNS', async (t) => {
    const { relay, commands } = await scripted(t, () => undefined)
    for (const [to, path] of [
      ["O'Neil+tag@Example.COM", "O'Neil+tag@example.com"],
      ['"a b"@example.com', '"a b"@example.com'],
      ['"a,b@c"@example.com', '"a,b@c"@example.com'],
      ['"a\\"b"@example.com', '"a\\"b"@example.com'],
      // What Japanese carriers gave out: RFC 5321 §4.1.2 knows such dots in quotes alone, which mean the same.
      ['abc..def@docomo.ne.jp', '"abc..def"@docomo.ne.jp'],
      ['abc.@ezweb.ne.jp', '"abc."@ezweb.ne.jp'],
      ['.abc@ezweb.ne.jp', '".abc"@ezweb.ne.jp'],
      ['taro@例え.jp', 'taro@xn--r8jz45g.jp'],
      ['taro@example.com.', 'taro@example.com'],
    ] as const) {
      commands.length = 0
      assert.equal((await relay.send({ ...ENVELOPE, to }, MAIL)).kind, 'accepted')
      assert.deepEqual(
        commands.filter((command) => /^(MAIL|RCPT)/.test(command)),
        ['MAIL FROM:<news@example.com>', `RCPT TO:<${path}>`],
      )
    }
  })

  it('is told of addresses and bytes beyond ASCII', async (t) => {
    const { relay, commands } = await scripted(t, () => undefined)
    await relay.send({ ...ENVELOPE, to: '太郎@example.com' }, MAIL)
    await relay.send(ENVELOPE, Buffer.concat([MAIL, Buffer.from([0xe3, 0x81, 0x82])]))
    assert.deepEqual(
      commands.filter((command) => /^MAIL/.test(command)),
      ['MAIL FROM:<news@example.com> SMTPUTF8', 'MAIL FROM:<news@example.com> BODY=8BITMIME'],
    )
  })

  it('never gets an address that would become another on the way', async (t) => {
    const { relay, commands } = await scripted(t, () => undefined)
    for (const address of [
      '"a<b>c"@example.com',
      '"<x@other.example>"@example.com',
      'a@b> SIZE=1',
      'a@b\r\nRSET',
    ]) {
      for (const envelope of [
        { ...ENVELOPE, to: address },
        { ...ENVELOPE, from: address },
      ]) {
        const answer = await relay.send(envelope, MAIL)
        assert.deepEqual([answer.kind, isAboutRecipient(answer)], ['refused', false])
      }
    }
    assert.deepEqual(commands, [])
  })

  it('is out of reach when nobody listens', async (t) => {
    const relay = createRelay({ host: '127.0.0.1', port: await freePort(), secure: false })
    t.after(() => relay.close())
    const answers = await Promise.all(Array.from({ length: 20 }, () => relay.send(ENVELOPE, MAIL)))
    for (const answer of answers) {
      assert.ok(answer.kind === 'unreachable')
      assert.match(answer.reply, /ECONNREFUSED/)
    }
  })

  it('is out of reach when it does not know us', async (t) => {
    const relay = await sinking(t, { credentials: { user: 'kaijo', pass: 'right' } }, 'wrong')
    const answer = await relay.send(ENVELOPE, MAIL)
    assert.ok(answer.kind === 'unreachable')
    assert.match(answer.reply, /^535 5\.7\.8/)
    await assert.rejects(relay.verify(), /Invalid login/)
  })

  it('is signed in to, and says what it offers', async (t) => {
    const relay = await sinking(t, { credentials: { user: 'kaijo', pass: 'p äß' } }, 'p äß')
    const { offers, isEncrypted, isSignedIn } = await relay.verify()
    assert.ok(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'AUTH'].every((name) => offers.includes(name)))
    assert.deepEqual([isEncrypted, isSignedIn], [false, true])
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
  })

  it('is sent to in the clear where it offers no TLS, encrypted where it does, and not at all where a password would be told to, or TLS was asked of, a certificate that is not trusted', async (t) => {
    const sendTo = async (options: SinkOptions) => {
      const { credentials } = options
      const sink = await startSmtpSink(options)
      const relay = createRelay({
        host: '127.0.0.1',
        port: sink.port,
        secure: options.tls === 'implicit',
        credentials,
      })
      t.after(async () => {
        relay.close()
        await sink.close()
      })
      const { kind } = await relay.send(ENVELOPE, MAIL)
      return [kind, sink.messages.map(({ secure }) => secure)]
    }
    assert.deepEqual(await sendTo({}), ['accepted', [false]])
    assert.deepEqual(await sendTo({ tls: 'starttls' }), ['accepted', [true]])
    const credentials = { user: 'kaijo', pass: 'secret' }
    assert.deepEqual(await sendTo({ tls: 'starttls', credentials }), ['unreachable', []])
    assert.deepEqual(await sendTo({ tls: 'implicit' }), ['unreachable', []])
    setDefaultCACertificates([CERTIFICATE])
    const certificate = { cert: CERTIFICATE, key: CERTIFICATE_KEY }
    assert.deepEqual(await sendTo({ tls: 'starttls', certificate, credentials }), ['accepted', [true]])
    assert.deepEqual(await sendTo({ tls: 'implicit', certificate }), ['accepted', [true]])
  })

  it('gets every byte of a message', async (t) => {
    const { relay, messages } = await scripted(t, () => undefined)
    const texts = [
      '',
      '.',
      '..\r\n.\r\n.a\r\n',
      'no end',
      '\r\n',
      '\r\n.\r\n',
      'a\r\n.',
      'x'.repeat(100_000),
      '\0\xff\xfe\r\n',
    ]
    for (const text of texts) {
      const raw = Buffer.from(`From: news@example.com\r\n\r\n${text}`, 'latin1')
      assert.equal((await relay.send(ENVELOPE, raw)).kind, 'accepted')
      const arrived = messages
        .pop()
        ?.toString('latin1')
        .replace(/\.\r\n$/, '')
        .replace(/^\./gm, '')
      assert.equal(
        arrived,
        /\n$/.test(raw.toString('latin1')) ? raw.toString('latin1') : `${raw.toString('latin1')}\r\n`,
      )
    }
    assert.equal((await relay.send(ENVELOPE, Buffer.alloc(0))).kind, 'accepted')
    assert.equal(messages.pop()?.toString(), '.\r\n')
  })

  it('is asked for when a connection is there, however long that took, and gets nothing when it is not wanted then', async (t) => {
    let first: (() => void) | undefined
    const { relay, commands } = await scripted(
      t,
      (command) =>
        command === '.'
          ? new Promise<string>((resolve) => {
              first = () => resolve('250 ok')
            })
          : undefined,
      { connections: 1 },
    )
    const asked: string[] = []
    const consent = (name: string, isWanted: boolean) => ({
      isWanted: async () => {
        asked.push(name)
        return isWanted
      },
      isStillOurs: () => true,
    })
    const one = relay.send(ENVELOPE, MAIL, consent('one', true))
    const two = relay.send({ ...ENVELOPE, to: 'two@example.com' }, MAIL, consent('two', false))
    while (!first) await sleep(5)
    assert.deepEqual(asked, ['one'])
    first()
    assert.deepEqual([(await one).kind, (await two).kind], ['accepted', 'withdrawn'])
    assert.deepEqual(asked, ['one', 'two'])
    assert.ok(!commands.some((command) => command.includes('two@example.com')))
  })

  it('does not get the content of a message that is not ours any more by then', async (t) => {
    const { relay, messages, connections } = await scripted(t, () => undefined)
    const answer = await relay.send(ENVELOPE, MAIL, { isWanted: async () => true, isStillOurs: () => false })
    assert.equal(answer.kind, 'withdrawn')
    while (connections.now > 0) await sleep(5)
    assert.deepEqual(messages, [])
  })

  it('may be sent for nobody: bounces then go nowhere', async (t) => {
    const { relay, commands } = await scripted(t, () => undefined)
    for (const from of ['', 'root@localhost', 'a@[127.0.0.1]']) {
      assert.equal((await relay.send({ ...ENVELOPE, from }, MAIL)).kind, 'accepted')
      assert.ok(commands.includes(`MAIL FROM:<${from}>`))
    }
  })

  const lackings = [
    ['SMTPUTF8 for an address', '8BITMIME', { to: '太郎@example.com', raw: MAIL }, [553, '5.6.7']],
    [
      'SMTPUTF8 for a header',
      '8BITMIME',
      { to: ENVELOPE.to, raw: Buffer.from('Subject: 件名\r\n\r\nHello\r\n') },
      [550, '5.6.7'],
    ],
    [
      '8BITMIME for a body',
      'SMTPUTF8',
      { to: ENVELOPE.to, raw: Buffer.from('Subject: x\r\n\r\n本文\r\n') },
      [554, '5.6.3'],
    ],
    ['room for it', 'SIZE 10', { to: ENVELOPE.to, raw: MAIL }, [552, '5.3.4']],
  ] as const
  for (const [what, offer, { to, raw }, expected] of lackings) {
    it(`is not asked when it lacks ${what}: the message fails, and the next one goes over the same connection`, async (t) => {
      const { relay, commands, connections } = await scripted(t, (command) =>
        command.startsWith('EHLO') ? `250-ready\r\n250 ${offer}` : undefined,
      )
      const answer = await relay.send({ ...ENVELOPE, to, utf8: true }, raw)
      assert.ok(answer.kind === 'refused' && !answer.aboutRecipient)
      const { code, enhanced, text } = answer.reply
      assert.deepEqual([code, enhanced], expected)
      assert.match(text, /^not sent: .*the relay/)
      assert.equal((await relay.send(ENVELOPE, Buffer.from('a:b'))).kind, 'accepted')
      assert.equal(commands.filter((command) => command.startsWith('MAIL')).length, 1)
      assert.equal(connections.ever, 1)
    })
  }

  it('is told the size, and that a message is internationalised', async (t) => {
    const { relay, commands } = await scripted(t, (command) =>
      command.startsWith('EHLO') ? '250-ready\r\n250-8BITMIME\r\n250-SIZE\r\n250 SMTPUTF8' : undefined,
    )
    const raw = Buffer.from('Subject: 件名\r\n\r\nHello\r\n')
    assert.equal((await relay.send({ ...ENVELOPE, utf8: true }, raw)).kind, 'accepted')
    assert.ok(commands.includes(`MAIL FROM:<news@example.com> SMTPUTF8 BODY=8BITMIME SIZE=${raw.length}`))
  })

  it('has its words kept on one line that every database takes', async (t) => {
    const words = `bad\0\x01 \xe3\x81\x82 ${'x'.repeat(5_000)}`
    const { relay } = await scripted(t, (command) =>
      /^RCPT/.test(command) ? `550-5.7.1 one\r\n550 5.7.1 ${words}` : undefined,
    )
    const answer = await relay.send(ENVELOPE, MAIL)
    assert.ok(answer.kind === 'refused')
    const { code, enhanced, text } = answer.reply
    assert.deepEqual([code, enhanced], [550, '5.7.1'])
    assert.match(text, /^one bad {1,3}あ x+$/)
    assert.ok(text.length <= 1_000)
  })
})

async function scripted(
  t: TestContext,
  answer: Parameters<typeof startScriptedRelay>[1],
  options: { connections?: number } = {},
): Promise<ScriptedRelay & { relay: Relay }> {
  const server = await startScriptedRelay(t, answer)
  const settings = { host: '127.0.0.1', port: server.port, secure: false }
  const relay = createRelay(settings, { patienceMs: 5_000, ...options })
  t.after(() => relay.close())
  return { ...server, relay }
}

async function sinking(t: TestContext, options: SinkOptions, pass: string): Promise<Relay> {
  const sink = await startSmtpSink(options)
  const credentials = { user: 'kaijo', pass }
  const relay = createRelay({ host: '127.0.0.1', port: sink.port, secure: false, credentials })
  t.after(async () => {
    relay.close()
    await sink.close()
  })
  return relay
}

function isAboutRecipient(answer: RelayAnswer): boolean {
  return answer.kind === 'refused' && answer.aboutRecipient
}
