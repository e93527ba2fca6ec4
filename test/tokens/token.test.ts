import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Keyring } from '../../src/kernel/keyring.ts'
import { isStorableText } from '../../src/storage/row-set.ts'
import type { TokenContent } from '../../src/tokens/payload.ts'
import { mintToken, openToken } from '../../src/tokens/token.ts'
import { fc, runs } from '../support/properties.ts'

const OLD = { id: '0a0b0c', bytes: Buffer.alloc(32, 1) }
const NEW = { id: 'd0e0f0', bytes: Buffer.alloc(32, 2) }
const CLASS_ID = 'abcdefghijklmnop'
const OTHER_CLASS_ID = 'bbcdefghijklmnop'
const keyring = new Keyring([NEW, OLD])

const CONTENT: TokenContent = {
  recipient: 'Taro.Yamada@example.com',
  mintedAt: Date.UTC(2026, 9, 1, 12),
  message: { kind: 'ours', deliveryId: 12_345, bucket: 17, id: 1_234_577, domain: '' },
}

const text = fc.string({ unit: 'grapheme' }).filter(isStorableText)
const anyId = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true })
const anyContent: fc.Arbitrary<TokenContent> = record({
  recipient: fc.oneof(fc.emailAddress(), text),
  mintedAt: fc.nat({ max: 2 ** 48 - 1 }),
  message: fc.option(
    fc.oneof(
      record({
        kind: fc.constant('ours' as const),
        deliveryId: anyId,
        bucket: fc.nat({ max: 63 }),
        id: anyId,
        domain: fc.oneof(fc.constant(''), fc.domain()),
      }),
      record({ kind: fc.constant('foreign' as const), messageId: text }),
    ),
  ),
})

describe('a token', () => {
  it('opens to what was put into it: any recipient, any time, any message', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const token = mintToken(keyring, CLASS_ID, content)
        assert.match(token, /^[A-Za-z0-9_-]+$/)
        assert.deepEqual(openToken(keyring, CLASS_ID, token), { ok: true, keyId: NEW.id, ...content })
      }),
      { numRuns: runs(1_000) },
    )
  })

  it('is the same one whenever it is made of the same', () => {
    assert.equal(mintToken(keyring, CLASS_ID, CONTENT), mintToken(keyring, CLASS_ID, { ...CONTENT }))
    const later = { ...CONTENT, mintedAt: CONTENT.mintedAt + 1 }
    assert.notEqual(mintToken(keyring, CLASS_ID, CONTENT), mintToken(keyring, CLASS_ID, later))
  })

  // A change here would break every link in mail that was sent.
  it('is what it has always been', () => {
    assert.equal(
      mintToken(keyring, CLASS_ID, CONTENT),
      '0ODwzSxoSek9eErfRRTDSnddXddsZ5AaOFLtmuhR267ORXaKvufvoO6R4Uegd0n68Sp0P7trTl8',
    )
  })

  it('opens for the class alone that it was made for', () => {
    const token = mintToken(keyring, CLASS_ID, CONTENT)
    assert.deepEqual(openToken(keyring, OTHER_CLASS_ID, token), { ok: false, why: 'broken', keyId: NEW.id })
  })

  it('does not open when one bit of it is changed, its end is missing or something follows', () => {
    const bytes = Buffer.from(mintToken(keyring, CLASS_ID, CONTENT), 'base64url')
    for (let index = 0; index < bytes.length; index++) {
      for (const bit of [1, 0x80]) {
        const altered = Buffer.from(bytes)
        altered[index] = (altered[index] ?? 0) ^ bit
        const opened = openToken(keyring, CLASS_ID, altered.toString('base64url'))
        assert.equal(opened.ok ? 'opened' : opened.why, index < 3 ? 'unknown-key' : 'broken', `byte ${index}`)
      }
      assert.equal(openToken(keyring, CLASS_ID, bytes.subarray(0, index).toString('base64url')).ok, false)
    }
    const longer = Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')
    assert.equal(openToken(keyring, CLASS_ID, longer).ok, false)
  })

  it('is broken, not of an unknown key, when it is no token at all', () => {
    for (const nonsense of ['', 'x', 'unsubscribe', 'A'.repeat(25), 'A'.repeat(100_000)]) {
      const opened = openToken(keyring, CLASS_ID, nonsense)
      assert.equal(opened.ok ? 'opened' : opened.why, 'broken', JSON.stringify(nonsense.slice(0, 30)))
    }
  })

  it('opens after a rotation, and new ones are made with the new key', () => {
    const rotated = new Keyring([OLD])
    const before = mintToken(rotated, CLASS_ID, CONTENT)
    rotated.add(NEW)
    assert.deepEqual(openToken(rotated, CLASS_ID, before), { ok: true, keyId: OLD.id, ...CONTENT })
    const after = openToken(rotated, CLASS_ID, mintToken(rotated, CLASS_ID, CONTENT))
    assert.equal(after.keyId, NEW.id)
  })

  it('names the key that a process lacks', () => {
    const opened = openToken(new Keyring([NEW]), CLASS_ID, mintToken(new Keyring([OLD]), CLASS_ID, CONTENT))
    assert.deepEqual(opened, { ok: false, why: 'unknown-key', keyId: OLD.id })
  })

  it('is broken under another key of the same id', () => {
    const impostor = new Keyring([{ id: OLD.id, bytes: NEW.bytes }])
    const opened = openToken(new Keyring([OLD]), CLASS_ID, mintToken(impostor, CLASS_ID, CONTENT))
    assert.deepEqual(opened, { ok: false, why: 'broken', keyId: OLD.id })
  })

  it('takes an address and a Message-ID as long as they can be', () => {
    const content: TokenContent = {
      recipient: `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`.slice(
        0,
        254,
      ),
      mintedAt: CONTENT.mintedAt,
      message: { kind: 'foreign', messageId: `${'m'.repeat(980)}@example.com` },
    }
    const token = mintToken(keyring, CLASS_ID, content)
    assert.deepEqual(openToken(keyring, CLASS_ID, token), { ok: true, keyId: NEW.id, ...content })
  })
})
