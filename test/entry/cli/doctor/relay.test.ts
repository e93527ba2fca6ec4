import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRelay } from '../../../../src/delivery/relay/relay.ts'
import { relayCheck } from '../../../../src/entry/cli/doctor/relay.ts'
import { freePort } from '../../../support/free-port.ts'
import { startSmtpSink } from '../../../support/smtp-sink.ts'

describe('the relay', () => {
  const CREDENTIALS = { user: 'kaijo', pass: 'right' }
  const cases = [
    ['that takes name and password', CREDENTIALS, 'ok', /signs in; offers .*8BITMIME/],
    [
      'that refuses the password',
      { user: 'kaijo', pass: 'wrong' },
      'failed',
      /535.*the password in KAIJO_RELAY_URL/s,
    ],
    ['that nobody answers for', undefined, 'failed', /ECONNREFUSED.*Check host and port/s],
  ] as const
  for (const [what, credentials, status, seen] of cases) {
    it(`is signed in to: one ${what}`, async (t) => {
      const sink = await startSmtpSink({ credentials: CREDENTIALS })
      const port = credentials ? sink.port : await freePort()
      const relay = createRelay({ host: '127.0.0.1', port, secure: false, credentials })
      t.after(async () => {
        relay.close()
        await sink.close()
      })
      const [finding] = [await relayCheck({ relay }).run()].flat()
      assert.equal(finding?.status, status)
      assert.match(`${finding?.detail} ${finding?.advice}`, seen)
      assert.ok(!JSON.stringify(finding).includes('wrong'))
    })
  }

  it('is told about where it cannot take every message', async () => {
    const verify = async () => ({ offers: ['SIZE', '8BITMIME'], isEncrypted: true, isSignedIn: true })
    const [finding] = [await relayCheck({ relay: { verify } }).run()].flat()
    assert.equal(finding?.status, 'warning')
    assert.match(`${finding?.detail} ${finding?.advice}`, /offers SIZE, 8BITMIME .*need SMTPUTF8 fail/)
  })

  it('needs a certificate that is trusted where it is told a password', async (t) => {
    const sink = await startSmtpSink({ tls: 'starttls', credentials: CREDENTIALS })
    const relay = createRelay({
      host: '127.0.0.1',
      port: sink.port,
      secure: false,
      credentials: CREDENTIALS,
    })
    t.after(async () => {
      relay.close()
      await sink.close()
    })
    const [finding] = [await relayCheck({ relay }).run()].flat()
    assert.equal(finding?.status, 'failed')
    assert.match(finding?.advice ?? '', /NODE_EXTRA_CA_CERTS/)
  })

  it('may be missing, which is worth a word', async () => {
    const [finding] = [await relayCheck({ relay: undefined }).run()].flat()
    assert.equal(finding?.status, 'warning')
  })
})
