import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it } from 'node:test'
import { createRelay } from '../../../src/delivery/relay/relay.ts'
import type { RelaySettings } from '../../../src/delivery/relay/relay-connection.ts'
import { tryRelay } from '../../../src/delivery/relay/try-relay.ts'
import { freePort } from '../../support/free-port.ts'
import { type SinkOptions, startSmtpSink } from '../../support/smtp-sink.ts'
import type { Lifetime } from '../../support/temp-dir.ts'

const CREDENTIALS = { user: 'kaijo', pass: 'right' }

describe('a relay that is tried', { concurrency: 8 }, () => {
  const to = (settings: Partial<RelaySettings>, patienceMs?: number) =>
    tryRelay(createRelay({ host: '127.0.0.1', port: 25, secure: false, ...settings }), patienceMs)
  const sinking = async (t: Lifetime, options: SinkOptions, settings: Partial<RelaySettings> = {}) => {
    const sink = await startSmtpSink(options)
    t.after(() => sink.close())
    const trial = await to({ port: sink.port, ...settings })
    assert.equal(sink.messages.length, 0)
    return trial
  }
  /** What takes connections and says `greeting`, or nothing. */
  const saying = async (t: Lifetime, greeting?: string) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      if (greeting !== undefined) socket.write(greeting)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(async () => {
      server.close()
    })
    return (server.address() as AddressInfo).port
  }

  it('is ready where it takes name and password, and says what it offers', async (t) => {
    const trial = await sinking(t, { credentials: CREDENTIALS }, { credentials: CREDENTIALS })
    assert.deepEqual([trial.outcome, trial.isEncrypted, trial.isSignedIn], ['ready', false, true])
    assert.ok(trial.offers.includes('8BITMIME'))
  })

  it('is ready too where it asks nobody to sign in, or encrypts with a certificate of its own making', async (t) => {
    const open = await sinking(t, {}, { credentials: CREDENTIALS })
    assert.deepEqual([open.outcome, open.isEncrypted, open.isSignedIn], ['ready', false, false])
    const encrypted = await sinking(t, { tls: 'starttls' })
    assert.deepEqual([encrypted.outcome, encrypted.isEncrypted], ['ready', true])
  })

  it('says that it refuses the sign-in, in its own words', async (t) => {
    const trial = await sinking(
      t,
      { credentials: CREDENTIALS },
      { credentials: { user: 'kaijo', pass: 'wrong' } },
    )
    assert.equal(trial.outcome, 'sign-in-refused')
    assert.match(trial.said, /^535 5\.7\.8/)
    assert.ok(!JSON.stringify(trial).includes('wrong'))
  })

  it('is told no password behind a certificate that is not trusted', async (t) => {
    const trial = await sinking(
      t,
      { tls: 'starttls', credentials: CREDENTIALS },
      { credentials: CREDENTIALS },
    )
    assert.equal(trial.outcome, 'untrusted')
  })

  it('speaks no TLS where TLS was asked for', async (t) => {
    assert.equal((await sinking(t, {}, { secure: true })).outcome, 'no-tls')
  })

  it('may not be there, say nothing, or be something else', async (t) => {
    assert.equal((await to({ port: await freePort() })).outcome, 'refused')
    assert.equal((await to({ port: await saying(t) }, 300)).outcome, 'no-answer')
    const other = await to({ port: await saying(t, 'HTTP/1.1 400 Bad Request\r\n\r\n') })
    assert.equal(other.outcome, 'no-smtp')
    assert.match(other.said, /^HTTP/)
  })

  it('may have a name that nobody knows, a URL that no key opens, or not be there at all', async () => {
    const failing = (code: string) =>
      tryRelay({ verify: () => Promise.reject(Object.assign(new Error('no'), { code })) })
    assert.equal((await failing('EDNS')).outcome, 'unknown-host')
    assert.equal((await failing('EUNREADABLE')).outcome, 'unreadable')
    assert.equal((await tryRelay(undefined)).outcome, 'none')
  })

  it('cannot fill an answer with what it says', async (t) => {
    const trial = await to({ port: await saying(t, `554 ${'x'.repeat(900)}\u0007\r\n`) })
    assert.ok(trial.said.length <= 300 && !trial.said.includes('\u0007'))
    assert.equal(trial.outcome, 'no-smtp')
  })
})
