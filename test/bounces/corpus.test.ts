import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conclude } from '../../src/bounces/conclude.ts'
import { outcomeOf, SAMPLES } from './corpus.ts'

describe('the corpus', () => {
  it('has at least 150 messages', () => assert.ok(SAMPLES.length >= 150))

  for (const { name, raw, expected } of SAMPLES) {
    it(`is understood: ${name}`, () => {
      const conclusion = conclude(raw)
      assert.deepEqual(outcomeOf(conclusion), expected, JSON.stringify(conclusion, null, 1))
    })
  }
})
