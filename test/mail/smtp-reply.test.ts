import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSmtpReply } from '../../src/mail/smtp-reply.ts'

test('a reply has a code, an enhanced status and words', () => {
  assert.deepEqual(parseSmtpReply('550 5.1.1 <a@b.c>: user unknown'), {
    code: 550,
    enhanced: '5.1.1',
    text: '<a@b.c>: user unknown',
  })
})

test('the enhanced status and the words may be missing', () => {
  assert.deepEqual(parseSmtpReply('452 mailbox full'), { code: 452, text: 'mailbox full' })
  assert.deepEqual(parseSmtpReply('250'), { code: 250, text: '' })
  assert.deepEqual(parseSmtpReply('421 4.7.0'), { code: 421, enhanced: '4.7.0', text: '' })
})

test('a version number or address in the words is no enhanced status', () => {
  assert.deepEqual(parseSmtpReply('550 5.1.1.1 host'), { code: 550, text: '5.1.1.1 host' })
  assert.deepEqual(parseSmtpReply('250 mx1.2.3 ready'), { code: 250, text: 'mx1.2.3 ready' })
})

test('the lines of a long reply are joined, without their codes', () => {
  const expected = { code: 550, enhanced: '5.1.1', text: 'The account does not exist. Learn more at x' }
  for (const lineBreak of ['\r\n', '\n', '\r']) {
    const lines = [
      '550-5.1.1 The account',
      '550-5.1.1 does not exist.',
      '550-',
      '550 5.1.1 Learn more at x',
      '',
    ]
    assert.deepEqual(parseSmtpReply(lines.join(lineBreak)), expected)
  }
})

test('a line without a code continues the text', () => {
  assert.equal(parseSmtpReply('554 5.7.1 refused\r\n\tby policy')?.text, 'refused by policy')
})

test('the enhanced status is that of the first line, also when its class differs from the code', () => {
  assert.equal(parseSmtpReply('550 4.2.2 over quota')?.enhanced, '4.2.2')
})

test('what is no reply is not read as one', () => {
  for (const text of [
    '',
    'connect ETIMEDOUT',
    '5.1.1 unknown',
    '99 no',
    '650 no',
    '5500 no',
    'x 550 5.1.1 a',
  ]) {
    assert.equal(parseSmtpReply(text), undefined)
  }
})
