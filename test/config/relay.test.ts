import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseRelayUrl } from '../../src/config/relay.ts'

describe('the relay URL', () => {
  it('means port 25 without TLS from the start, unless it says otherwise', () => {
    assert.deepEqual(parseRelayUrl('smtp://mail_sink'), { host: 'mail_sink', port: 25, secure: false })
    assert.deepEqual(parseRelayUrl('smtp://[::1]:1025/'), { host: '::1', port: 1025, secure: false })
    assert.deepEqual(parseRelayUrl('smtps://relay.example'), {
      host: 'relay.example',
      port: 465,
      secure: true,
    })
  })

  it('percent-decodes user name and password', () => {
    const { credentials } = parseRelayUrl('smtp://a%40b:%E9%8D%B5%3A%25@h:587')
    assert.deepEqual(credentials, { user: 'a@b', pass: '鍵:%' })
  })

  const refused = [
    'relay.example.com:25',
    'smtp://',
    'smtp://h:0',
    'smtp://h:99999',
    'smtp://user@h',
    'smtp://:pass@h',
    'smtp://u:%zz@h',
    'smtp://u:p/w@h',
    'smtp://u:p?w@h',
    'smtp://h/path',
    'smtp://h?requireTLS=true',
    'smtp://h%20h',
  ]
  for (const text of refused) {
    it(`refuses ${text}`, () => assert.throws(() => parseRelayUrl(text), { name: 'Refusal' }))
  }

  it('is refused for all that is wrong with it', () => {
    const told = [
      /smtp:\/\/ or smtps/,
      /nothing may follow the port/,
      /no port/,
      /user name with a %/,
      /both/,
    ]
    assert.throws(
      () => parseRelayUrl('http://%zz@h:0/path'),
      ({ reasons }: { reasons: string[] }) => {
        assert.equal(reasons.length, told.length)
        for (const [index, reason] of told.entries()) assert.match(reasons[index] ?? '', reason)
        return true
      },
    )
  })
})
