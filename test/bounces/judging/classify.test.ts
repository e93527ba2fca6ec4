import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classify } from '../../../src/bounces/judging/classify.ts'
import { DIAGNOSTICS } from './diagnostics.ts'

describe('what servers say', () => {
  for (const [expected, status, said] of DIAGNOSTICS) {
    it(`${expected}: ${said}`, () => {
      const verdict = classify({ said, status })
      assert.equal(verdict.class, expected, verdict.rule)
    })
  }
})
