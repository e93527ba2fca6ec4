import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findFeedbackTokens, makeFeedbackId, readFeedbackToken } from '../../src/mail/feedback-id.ts'
import { makeVerp, readVerp } from '../../src/mail/verp.ts'

const [KEY, OLDER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const GIVEN = { deliveryId: 7, serviceId: 10, bucket: 63, messageId: 2 ** 50 + 3, sender: 'kaijo' }

describe('a Feedback-ID', () => {
  it('has four fields, which say nothing about the recipient, and the same ones for the same message', () => {
    const made = makeFeedbackId(GIVEN, KEY)
    assert.match(made, /^d7:s10:f-[a-z2-7]{23}:kaijo$/)
    assert.equal(makeFeedbackId(GIVEN, KEY), made)
    assert.notEqual(makeFeedbackId({ ...GIVEN, messageId: 5 }, KEY), made)
  })

  it('is found in any text, in any case, and opened with any key', () => {
    const made = makeFeedbackId(GIVEN, OLDER)
    const text = `Feedback-ID: ${made}\nX-Copy: <${made.toUpperCase()}>\nf-${'a'.repeat(23)} xf-${'a'.repeat(23)}\n`
    const [token = '', ...others] = findFeedbackTokens(text)
    assert.deepEqual(readFeedbackToken(token, [KEY, OLDER]), { bucket: 63, messageId: 2 ** 50 + 3 })
    assert.deepEqual(others, [`f-${'a'.repeat(23)}`])
    assert.equal(readFeedbackToken(others[0] ?? '', [KEY, OLDER]), undefined)
  })

  it('cannot be made by whoever lacks the key, and stands for no bounce address', () => {
    const [token = ''] = findFeedbackTokens(makeFeedbackId(GIVEN, KEY))
    assert.equal(readFeedbackToken(token, [OLDER]), undefined)
    for (let at = 2; at < token.length; at++) {
      const altered = `${token.slice(0, at)}${token[at] === 'a' ? 'b' : 'a'}${token.slice(at + 1)}`
      assert.equal(readFeedbackToken(altered, [KEY]), undefined, altered)
    }
    const verp = makeVerp({ bucket: 63, messageId: 3, key: KEY, domain: 'in.example' })
    assert.equal(readVerp(`b-${token.slice(2)}@in.example`, [KEY]), undefined)
    assert.equal(readFeedbackToken(`f-${verp.slice(2, verp.indexOf('@'))}`, [KEY]), undefined)
  })

  it('is looked for in a text of any length, twenty times at most', () => {
    const text = `f-${'b'.repeat(22)}c `
      .repeat(1)
      .concat(
        ...Array.from(
          { length: 50 },
          (_, i) => `f-${'b'.repeat(21)}${'abcdefghij'[i % 10]}${'klmno'[i % 5]} `,
        ),
        'f-'.repeat(100_000),
      )
    assert.ok(findFeedbackTokens(text).length <= 20)
  })
})
