import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { hmacSha256 } from '../../src/kernel/hmac.ts'
import { fc } from '../support/properties.ts'

it('is what the platform makes of every key and text, one after another', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 2_000 }), { maxLength: 5 })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), texts, (key, some) => {
      const hash = hmacSha256(key)
      for (const text of [...some, '', 'x', 'x'.repeat(341), '花'.repeat(341), 'x'.repeat(342)]) {
        assert.equal(hash(text), createHmac('sha256', key).update(text).digest('base64url'))
      }
    }),
  )
})
