import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createRelay, type Relay, type RelayAnswer } from '../../src/delivery/relay.ts'
import { freePort } from '../support/free-port.ts'
import { type SinkOptions, startSmtpSink } from '../support/smtp-sink.ts'
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
    for (const to of ['"a<b>c"@example.com', '"<x@other.example>"@example.com']) {
      const answer = await relay.send({ ...ENVELOPE, to }, MAIL)
      assert.deepEqual([answer.kind, isAboutRecipient(answer)], ['refused', false])
    }
    assert.deepEqual(commands, [])
  })

  const deferring: Record<string, (command: string) => string | null | undefined> = {
    'it turns everyone away for now at its greeting': (command) =>
      command === '' ? '421 4.3.2 busy' : undefined,
    'it turns everyone away at its greeting': (command) => (command === '' ? '554 5.7.1 not you' : undefined),
    'it does not speak SMTP': (command) => (command === '' ? 'HTTP/1.1 400 Bad Request' : undefined),
    'it says a code that SMTP does not have': (command) =>
      /^RCPT/.test(command) ? '650 5.1.1 what' : undefined,
    'it says no code': (command) => (/^RCPT/.test(command) ? 'what?' : undefined),
    'it never greets': (command) => (command === '' ? null : undefined),
    'it never answers a recipient': (command) => (/^RCPT/.test(command) ? null : undefined),
    'it never answers a message': (command) => (command === '.' ? null : undefined),
  }
  for (const [what, answer] of Object.entries(deferring)) {
    it(`puts off the message when ${what}`, async (t) => {
      const { relay } = await scripted(t, answer)
      const { kind, reply } = await relay.send(ENVELOPE, MAIL)
      assert.equal(kind, 'deferred')
      assert.ok(reply)
    })
  }

  it('puts off the message when nobody listens', async (t) => {
    const relay = createRelay({ host: '127.0.0.1', port: await freePort(), secure: false })
    t.after(() => relay.close())
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'deferred')
  })

  it('puts off the message when it does not know us', async (t) => {
    const relay = await sinking(
      t,
      { credentials: { user: 'kaijo', pass: 'right' } },
      { user: 'kaijo', pass: 'wrong' },
    )
    const answer = await relay.send(ENVELOPE, MAIL)
    assert.equal(answer.kind, 'deferred')
    await assert.rejects(relay.verify(), /Invalid login/)
  })

  it('is signed in to', async (t) => {
    const credentials = { user: 'kaijo', pass: 'p äß' }
    const relay = await sinking(t, { credentials }, credentials)
    await relay.verify()
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
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

  it('sends many messages over few connections', async (t) => {
    const sink = await startSmtpSink()
    const relay = createRelay({ host: '127.0.0.1', port: sink.port, secure: false })
    t.after(async () => {
      relay.close()
      await sink.close()
    })
    const answers = await Promise.all(Array.from({ length: 200 }, () => relay.send(ENVELOPE, MAIL)))
    assert.ok(answers.every(({ kind }) => kind === 'accepted'))
    assert.equal(sink.messages.length, 200)
    assert.ok(new Set(sink.messages.map(({ connection }) => connection)).size <= 10)
  })
})

async function scripted(
  t: TestContext,
  answer: Parameters<typeof startScriptedRelay>[1],
): Promise<ScriptedRelay & { relay: Relay }> {
  const server = await startScriptedRelay(t, answer)
  const relay = createRelay({ host: '127.0.0.1', port: server.port, secure: false }, { patienceMs: 300 })
  t.after(() => relay.close())
  return { ...server, relay }
}

async function sinking(
  t: TestContext,
  options: SinkOptions,
  credentials: { user: string; pass: string },
): Promise<Relay> {
  const sink = await startSmtpSink(options)
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
