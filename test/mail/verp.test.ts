import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAddress } from '../../src/kernel/address.ts'
import { makeVerp, readVerp } from '../../src/mail/verp.ts'
import { fc, runs } from '../support/properties.ts'

const KEY = Buffer.alloc(32, 1)
const OTHER = Buffer.alloc(32, 2)
const domain = 'bounce.example.com'

const anyMessage = fc.record(
  { bucket: fc.nat({ max: 255 }), messageId: fc.maxSafeNat() },
  { noNullPrototype: true },
)

describe('the envelope sender of a message', () => {
  it('leads back to it, by whichever key made it, in any case', () => {
    fc.assert(
      fc.property(anyMessage, fc.boolean(), fc.boolean(), (message, old, folded) => {
        const address = makeVerp({ ...message, key: old ? OTHER : KEY, domain })
        assert.deepEqual(readVerp(folded ? address.toUpperCase() : address, [KEY, OTHER]), message)
      }),
      { numRuns: runs(1_000) },
    )
  })

  it('is an ordinary address with a local part of 23 octets, of the same length for all', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const address = makeVerp({ ...message, key: KEY, domain })
        assert.match(address, /^b-[a-z2-7]{21}@bounce\.example\.com$/)
        assert.equal(parseAddress(address)?.key, address)
      }),
    )
  })

  // A change here would lose the bounces of mail that is under way.
  it('is what it has always been', () => {
    assert.equal(
      makeVerp({ bucket: 17, messageId: 1_234_577, key: KEY, domain }),
      'b-ceaaaaaaclljca7icmung@bounce.example.com',
    )
  })

  it('is not taken from who cannot have it: another key, any changed character, something more or less', () => {
    const address = makeVerp({ bucket: 17, messageId: 1_234_577, key: KEY, domain })
    assert.equal(readVerp(address, [OTHER]), undefined)
    assert.equal(readVerp(address, []), undefined)
    for (let at = 2; at < address.indexOf('@'); at++) {
      for (const character of 'abcdefghijklmnopqrstuvwxyz234567') {
        const changed = address.slice(0, at) + character + address.slice(at + 1)
        if (changed !== address) assert.equal(readVerp(changed, [KEY]), undefined, changed)
      }
    }
    for (const text of [
      '',
      'b-@example.com',
      address.replace('@', 'a@'),
      address.replace('b-', 'b-a'),
      address.replace('b-', ''),
      `x${address}`,
      `news@example.com`,
    ]) {
      assert.equal(readVerp(text, [KEY]), undefined, text)
    }
  })
})
