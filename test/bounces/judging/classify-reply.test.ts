import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classifyReply } from '../../../src/bounces/judging/classify-reply.ts'
import { parseSmtpReply } from '../../../src/mail/smtp-reply.ts'

describe('a reply to a recipient', () => {
  const hard: Record<string, string> = {
    '550 5.1.1 The email account that you tried to reach does not exist': 'user-unknown',
    '553 5.1.2 We weren’t able to find the recipient domain': 'host-unknown',
    '501 5.1.3 Bad recipient address syntax': 'user-unknown',
    '551 5.1.6 Recipient no longer on server': 'moved',
    '556 5.1.10 Recipient address has null MX': 'host-unknown',
    '550 5.2.1 The email account that you tried to reach is inactive': 'disabled',
    '550 No such user here': 'user-unknown',
    '550 5.7.1 <taro@example.org>: user unknown': 'user-unknown',
    '550 5.1.1 <taro@example.org>: User unknown, as news@example.com was told': 'user-unknown',
    '550 5.1.2 example.org: domain not found, as example.com was told': 'host-unknown',
    '550 5.1.1 see notexample.com and example.com.example.net, no such user': 'user-unknown',
    '550 5.1.1 mail.example.com has no such user': 'user-unknown',
    '550 The recipient has blocked news@example.com: 5.7.1 recipient refuses mail from news@example.com':
      'refused',
    '550-5.1.1 several\r\n550-5.1.1 lines\r\n550 5.1.1 of it': 'user-unknown',
  }
  for (const [reply, reason] of Object.entries(hard)) {
    it(`is a hard bounce: ${JSON.stringify(reply)}`, () => assert.equal(reasonOf(reply), reason))
  }

  const others = [
    '550 Go away',
    '550 5.7.1 Message rejected due to local policy',
    '550 5.7.26 Unauthenticated mail is prohibited',
    '552 5.2.2 The recipient’s inbox is out of storage space',
    '550 5.2.0 Mailbox unavailable',
    '552 5.3.4 Message too big',
    '554 5.6.0 Content rejected',
    '550 5.1.8 Sender address rejected',
    '550 5.1.0 Address rejected',
    '550 The sender’s mailbox does not exist',
    '550 Return address invalid',
    '550 5.7.1 Your email has been blocked',
    '550 Sender callout verification failed: mailbox does not exist',
    '550 5.2.1 Mailbox disabled temporarily',
    '550 refused, see case 15.1.12',
    '554 5.4.4 Unable to route',
    '550 5.1.11 odd',
    '550 5.11.1 odd',
    '450 4.1.1 User unknown for now',
    '450 5.1.1 a class that does not fit its code',
    '550 4.1.1 a code that does not fit its class',
    '250 2.1.5 OK',
    '550 5.1.1 <b-q5gk2mzyfhs3dlx7wvo4tn6i@in.example.com>: User unknown',
    '550 5.1.1 <NEWS@example.com>: User unknown',
    '550 in.example.com: domain not found',
    '550 Host unknown: example.com',
    '554 5.4.4 domain in.example.com does not exist',
    '550 cannot find an MX for in.example.com',
    '550 5.1.2 in.example.com. not found',
  ]
  for (const reply of others) {
    it(`is no hard bounce: ${reply}`, () => assert.equal(reasonOf(reply), undefined, verdictOf(reply).rule))
  }
})

function reasonOf(reply: string) {
  const verdict = verdictOf(reply)
  return verdict.class === 'hard' ? verdict.reason : undefined
}

function verdictOf(reply: string) {
  const parsed = parseSmtpReply(reply)
  assert.ok(parsed)
  return classifyReply(parsed, {
    recipient: 'Taro@example.org',
    senders: ['b-q5gk2mzyfhs3dlx7wvo4tn6i@in.example.com', 'news@example.com', ''],
  })
}
