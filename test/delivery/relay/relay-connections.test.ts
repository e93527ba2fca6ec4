import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createRelay, type Relay } from '../../../src/delivery/relay/relay.ts'
import { connectToRelay } from '../../../src/delivery/relay/relay-connection.ts'
import { createRelayPool } from '../../../src/delivery/relay/relay-pool.ts'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import { type Said, type ScriptedRelay, startScriptedRelay } from './scripted-relay.ts'

const ENVELOPE = { from: 'news@example.com', to: 'taro@example.com' }
const MAIL = Buffer.from('From: news@example.com\r\n\r\nHello\r\n')
const PIPELINING = '250-ready\r\n250 PIPELINING'

describe('the connections to a relay', () => {
  it('are few, and carry many messages', async (t) => {
    const sink = await startSmtpSink()
    const relay = createRelay({ host: '127.0.0.1', port: sink.port, secure: false }, { connections: 4 })
    t.after(async () => {
      relay.close()
      await sink.close()
    })
    assert.equal(relay.connections, 4)
    const answers = await sendMany(relay, 200)
    assert.ok(answers.every((kind) => kind === 'accepted'))
    assert.equal(sink.messages.length, 200)
    assert.ok(new Set(sink.messages.map(({ connection }) => connection)).size <= 4)
  })

  it('are left after a thousand messages', async (t) => {
    const { relay, commands, connections } = await scripted(t, () => undefined, { connections: 1 })
    await sendMany(relay, 1_001)
    assert.equal(connections.ever, 2)
    assert.equal(commands.filter((command) => command === 'QUIT').length, 1)
  })

  it('are fewer where the relay allows fewer', async (t) => {
    const { relay, messages, connections } = await scripted(t, (command) =>
      command === '' && connections.now > 2 ? '421 4.7.0 too many connections' : undefined,
    )
    const answers = await sendMany(relay, 50)
    assert.ok(answers.every((kind) => kind === 'accepted'))
    assert.equal(messages.length, 50)
  })

  it('are not waited for while those that there are stall and no other can be made', async (t) => {
    const { port } = await startScriptedRelay(t, () => undefined)
    let calls = 0
    const pool = createRelayPool(async () => {
      if (calls++ > 0) throw new Error('no more')
      return connectToRelay({ host: '127.0.0.1', port, secure: false }, 5_000)
    }, 2)
    const stalled = await pool.take()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const waiting = pool.take().catch(({ message }: Error) => message)
    await settled()
    t.mock.timers.tick(29_999)
    await settled()
    assert.equal(calls, 2)
    t.mock.timers.tick(1)
    assert.equal(await waiting, 'no more')
    pool.giveBack(stalled, true)
    assert.equal(await pool.take(), stalled)
    pool.giveBack(stalled, false)
    pool.close()
  })

  const endings: Record<string, (command: string) => Said> = {
    'with 421': (command) => (/^MAIL/.test(command) ? '421 4.4.2 idle for too long' : undefined),
    'without a word': (command) => (/^MAIL/.test(command) ? false : undefined),
  }
  for (const [how, ending] of Object.entries(endings)) {
    for (const offer of [undefined, PIPELINING]) {
      it(`may be ended by the relay ${how}: the next message goes over another one${offer ? ', pipelined' : ''}`, async (t) => {
        let first = true
        const { relay, messages, connections } = await scripted(t, (command, connection) => {
          if (command.startsWith('EHLO')) return offer
          return connection === 1 && !first ? ending(command) : undefined
        })
        assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
        first = false
        assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
        assert.deepEqual([messages.length, connections.ever], [2, 2])
      })
    }
  }

  it('are tried anew once, not for ever, when the relay ends them all', async (t) => {
    const { relay, connections } = await scripted(t, (command) =>
      /^MAIL/.test(command) ? '421 4.3.2 going down' : undefined,
    )
    assert.deepEqual(await relay.send(ENVELOPE, MAIL), { kind: 'deferred', reply: '421 4.3.2 going down' })
    assert.equal(connections.ever, 1)
  })

  it('are noticed to be gone while they rest', async (t) => {
    let leave: ((said: Said) => void) | undefined
    const { relay, connections } = await scripted(t, (command, connection) =>
      command.startsWith('RSET') && connection === 1
        ? new Promise((resolve) => {
            leave = resolve
          })
        : /^RCPT/.test(command) && connection === 1
          ? '450 4.2.1 later'
          : undefined,
    )
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'deferred')
    while (!leave) await sleep(5)
    leave(false)
    while (connections.now > 0) await sleep(5)
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
  })

  for (const offer of [undefined, PIPELINING]) {
    it(`are reset behind a refusal, and used again${offer ? ', pipelined' : ''}`, async (t) => {
      // RFC 2920 §3.1: this one lets DATA follow a refusal.
      const answers = (command: string) => {
        if (command.startsWith('EHLO')) return offer
        return command === 'RCPT TO:<nobody@example.com>' ? '550 5.1.1 no such user' : undefined
      }
      const { relay, commands, connections, messages } = await scripted(t, answers, { connections: 1 })
      const refused = await relay.send({ ...ENVELOPE, to: 'nobody@example.com' }, MAIL)
      assert.equal(refused.kind, 'refused')
      assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
      assert.equal(connections.ever, 1)
      assert.ok(commands.indexOf('RSET') < commands.lastIndexOf('MAIL FROM:<news@example.com>'))
      const expected = `${MAIL}.\r\n`
      assert.deepEqual(messages.map(String), offer ? ['.\r\n', expected] : [expected])
    })
  }

  it('are left when the relay cannot reset', async (t) => {
    const { relay, connections } = await scripted(t, (command) => {
      if (command === 'RSET') return '500 5.5.1 what'
      return command === 'RCPT TO:<nobody@example.com>' ? '550 5.1.1 no such user' : undefined
    })
    assert.equal((await relay.send({ ...ENVELOPE, to: 'nobody@example.com' }, MAIL)).kind, 'refused')
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'accepted')
    assert.equal(connections.ever, 2)
  })

  it('never take an answer that came too soon for the one to the message', async (t) => {
    const { relay, messages } = await scripted(t, (command) =>
      command === 'DATA' ? '354 go on\r\n250 2.0.0 taken' : undefined,
    )
    const answer = await relay.send(ENVELOPE, MAIL)
    assert.equal(answer.kind, 'deferred')
    assert.equal(messages.length, 0)
  })

  it('finish their message when they are closed, and take no other', async (t) => {
    let go: (() => void) | undefined
    const { relay, connections } = await scripted(
      t,
      (command) => (command === '.' ? new Promise((resolve) => (go = () => resolve(undefined))) : undefined),
      { connections: 1 },
    )
    const answers = [relay.send(ENVELOPE, MAIL), relay.send(ENVELOPE, MAIL)]
    while (!go) await sleep(5)
    relay.close()
    assert.equal((await answers[1])?.kind, 'unreachable')
    go()
    assert.equal((await answers[0])?.kind, 'accepted')
    assert.equal((await relay.send(ENVELOPE, MAIL)).kind, 'unreachable')
    while (connections.now > 0) await sleep(5)
  })

  it('do not keep the process alive while they rest', async (t) => {
    const { port } = await startScriptedRelay(t, () => undefined)
    const script = `
      import { createRelay } from '${new URL('../../../src/delivery/relay/relay.ts', import.meta.url).href}'
      const relay = createRelay({ host: '127.0.0.1', port: ${port}, secure: false })
      console.log((await relay.send(${JSON.stringify(ENVELOPE)}, Buffer.from('a:b'))).kind)`
    const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 15_000,
    })
    assert.equal((await child).stdout, 'accepted\n')
  })
})

async function scripted(
  t: TestContext,
  answer: Parameters<typeof startScriptedRelay>[1],
  options: Parameters<typeof createRelay>[1] = {},
): Promise<ScriptedRelay & { relay: Relay }> {
  const server = await startScriptedRelay(t, answer)
  const relay = createRelay(
    { host: '127.0.0.1', port: server.port, secure: false },
    { patienceMs: 5_000, ...options },
  )
  t.after(() => relay.close())
  return { ...server, relay }
}

/** Once everything that was under way without waiting for anyone has happened. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

async function sendMany(relay: Relay, count: number): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => relay.send(ENVELOPE, MAIL)))
  return answers.map(({ kind }) => kind)
}
