import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readArfReport } from '../../src/mail/arf-report.ts'

describe('a feedback report', () => {
  it('tells its type and its recipients', () => {
    assert.deepEqual(
      readArfReport(`Feedback-Type: Abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <one@example.org>
Original-Rcpt-To: <two@example.org>
Removal-Recipient: three@example.org
`),
      {
        feedbackType: 'abuse',
        originalRecipients: ['<one@example.org>', '<two@example.org>', 'three@example.org'],
      },
    )
  })

  it('may have empty lines between its fields', () => {
    assert.deepEqual(
      readArfReport('Version: 1\n\nfeedback-type: fraud\n\nOriginal-Rcpt-To: a@example.org\n'),
      {
        feedbackType: 'fraud',
        originalRecipients: ['a@example.org'],
      },
    )
  })

  it('is none without a type', () => assert.equal(readArfReport('User-Agent: x\nVersion: 1'), undefined))
})
