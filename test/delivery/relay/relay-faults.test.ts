import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRelay } from '../../../src/delivery/relay/relay.ts'
import type { RelayAnswer } from '../../../src/delivery/relay/relay-answer.ts'
import { type Said, startScriptedRelay } from './scripted-relay.ts'

const ENVELOPE = { from: 'news@example.com', to: 'taro@example.com' }
const MAIL = Buffer.from('From: news@example.com\r\n\r\nHello\r\n')
const PATIENCE_MS = 1_000

/** What goes wrong, and what is kept of it. */
const FAULTS: [what: string, said: Said, reply: RegExp][] = [
  ['cuts the connection', false, /clos|hang|RESET|lost/i],
  // Pipelined, the answer to what follows stands in its place.
  ['says nothing', null, /nothing was said|Greeting|not ready|^354/],
  ['does not speak SMTP', 'HTTP/1.1 400 Bad Request', /HTTP/],
  ['says no code', 'what?', /what\?/],
  ['says a code that SMTP does not have', '650 5.1.1 what', /^650/],
  ['says an empty line', '\r\n250', /./],
  ['goes on and on', `250-${'x'.repeat(100_000)}`, /./],
  ['is about to close', '421 4.3.2 busy', /^421 4\.3\.2 busy/],
  ['puts it off', '451 4.3.0 later', /^451 4\.3\.0 later/],
  ['lost its step', '503 5.5.1 bad sequence', /^503/],
  ['refuses it', '554 5.7.1 no', /^554 5\.7\.1 no/],
]

const ABOUT_US: [step: string, command: RegExp][] = [
  ['greets', /^$/],
  ['lists what it offers', /^(?:EHLO|HELO)/],
  ['is to encrypt', /^STARTTLS/],
  ['is signed in to', /^AUTH/],
]

const ABOUT_MESSAGE: [step: string, command: RegExp, aboutRecipient: boolean][] = [
  ['gets the sender', /^MAIL/, false],
  ['gets the recipient', /^RCPT/, true],
  ['is to get the message', /^DATA/, true],
  ['has got the message', /^\.$/, true],
]

describe('a relay that fails', { concurrency: 32 }, () => {
  for (const [what, said, reply] of FAULTS) {
    for (const [step, command] of ABOUT_US) {
      if (what === 'says an empty line') continue
      it(`is out of reach when it ${what} as it ${step}`, async (t) => {
        const offer = step === 'is to encrypt' ? 'STARTTLS' : 'AUTH PLAIN'
        const answer = await sendThrough(t, `250-ready\r\n250 ${offer}`, (asked) =>
          command.test(asked) ? { said } : undefined,
        )
        assert.ok(answer.kind === 'unreachable', answer.kind)
        assert.match(answer.reply, reply)
      })
    }
    for (const [step, command, aboutRecipient] of ABOUT_MESSAGE) {
      for (const offer of ['AUTH PLAIN', 'PIPELINING']) {
        it(`has its say when it ${what} as it ${step}, with ${offer}`, async (t) => {
          const answer = await sendThrough(t, `250-ready\r\n250 ${offer}`, (asked) =>
            command.test(asked) ? { said } : undefined,
          )
          if (what === 'refuses it') {
            const refusal = { code: 554, enhanced: '5.7.1', text: 'no' }
            assert.deepEqual(answer, { kind: 'refused', reply: refusal, aboutRecipient })
          } else {
            assert.ok(answer.kind === 'deferred', answer.kind)
            assert.match(answer.reply, reply)
          }
        })
      }
    }
  }

  it('is out of reach when it wants a sign-in or TLS first', async (t) => {
    const answer = await sendThrough(t, '250 ready', (asked) =>
      /^MAIL/.test(asked) ? { said: '530 5.7.0 Must issue a STARTTLS command first' } : undefined,
    )
    assert.deepEqual(answer, {
      kind: 'unreachable',
      reply: '530 5.7.0 Must issue a STARTTLS command first',
    })
  })

  for (const offer of ['8BITMIME', 'PIPELINING']) {
    it(`is told apart message by message when it fails at every turn, with ${offer}`, async (t) => {
      const pick = lottery(42)
      const addressed = new Map<number, string>()
      const taken = new Set<string>()
      const server = await startScriptedRelay(t, (asked, connection) => {
        if (asked.startsWith('EHLO')) return pick(50) === 0 ? false : `250-ready\r\n250 ${offer}`
        const recipient = /^RCPT TO:<(.*)>$/.exec(asked)?.[1]
        if (recipient) addressed.set(connection, recipient)
        const whose = /^(?:RCPT|\.)/.test(asked) ? addressed.get(connection) : 'somebody'
        const faults: Said[] = [false, '421 4.3.2 bye', `451 4.3.0 ${whose}`, `550 5.1.1 ${whose}`, 'what?']
        const wrong = faults[pick(60)]
        if (asked === '.' && (wrong === undefined || wrong === false)) taken.add(whose ?? '')
        return wrong
      })
      const relay = createRelay({ host: '127.0.0.1', port: server.port, secure: false }, { connections: 7 })
      t.after(() => relay.close())
      const kinds = new Set<string>()
      await Promise.all(
        Array.from({ length: 3_000 }, async (_, index) => {
          const to = `m${index}@example.com`
          const answer = await relay.send({ ...ENVELOPE, to }, MAIL)
          kinds.add(answer.kind)
          if (answer.kind === 'accepted') assert.ok(taken.has(to))
          else if (answer.kind === 'refused') {
            assert.ok(!taken.has(to))
            if (answer.aboutRecipient) assert.ok([to, 'somebody'].includes(answer.reply.text))
          } else if (taken.has(to))
            assert.match('reply' in answer ? answer.reply : '', /^no answer to the final dot/)
        }),
      )
      assert.ok(['accepted', 'deferred', 'refused'].every((kind) => kinds.has(kind)))
      relay.close()
      for (let waits = 0; server.connections.now > 0 && waits < 400; waits++) await sleep(5)
      assert.equal(server.connections.now, 0)
    })
  }

  it('is not waited for while a byte comes now and then', async (t) => {
    const started = performance.now()
    const server = await startScriptedRelay(t, async (asked) => {
      if (asked.startsWith('EHLO')) await sleep(8_000, undefined, { ref: false })
      return asked === '' ? '220-slow\r\n220 slow' : undefined
    })
    const relay = createRelay(
      { host: '127.0.0.1', port: server.port, secure: false },
      { patienceMs: PATIENCE_MS },
    )
    t.after(() => relay.close())
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'unreachable')
    assert.ok(performance.now() - started < 6_000)
  })
})

/**
 * The answer to a message whose relay does once what `fault` says. The next message must be accepted, and no connection may
 * be left over.
 */
async function sendThrough(
  t: Parameters<typeof startScriptedRelay>[0],
  offer: string,
  fault: (command: string) => { said: Said } | undefined,
): Promise<RelayAnswer> {
  let sound = false
  const server = await startScriptedRelay(t, (asked) => {
    const wrong = sound ? undefined : fault(asked)
    if (wrong) return wrong.said
    if (!asked.startsWith('EHLO')) return undefined
    return sound && offer.endsWith('STARTTLS') ? '250 ready' : offer
  })
  const relay = createRelay(
    { host: '127.0.0.1', port: server.port, secure: false, credentials: { user: 'kaijo', pass: 'secret' } },
    { patienceMs: PATIENCE_MS },
  )
  const answer = await relay.send(ENVELOPE, MAIL)
  sound = true
  assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
  relay.close()
  for (let waits = 0; server.connections.now > 0 && waits < 400; waits++) await sleep(5)
  assert.equal(server.connections.now, 0)
  return answer
}

/** Numbers below a limit that look drawn, the same ones every time. */
function lottery(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % limit
  }
}
