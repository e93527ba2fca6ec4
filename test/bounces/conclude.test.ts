import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conclude } from '../../src/bounces/conclude.ts'
import { SAMPLES } from './corpus.ts'

const REPORT = `From: MAILER-DAEMON@mx.example.com
To: b-abc@in.example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

<first@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 Unknown
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; first@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <first@example.org>: Recipient address
    rejected: User unknown in local recipient table

Final-Recipient: rfc822; second@example.org
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Over quota

--b1
Content-Type: message/rfc822

Return-Path: <b-abc@in.example.com>
From: News <news@example.com>
To: first@example.org
Message-ID: <1.2@example.com>
Feedback-ID: 1:news
List-Unsubscribe: <https://k.example.com/abcdefghijklmnop/-AQIDBAUGBwgJCgsMDQ4PEA>
Subject: Hello

Text
--b1--
`

describe('a delivery report', () => {
  const conclusion = conclude(Buffer.from(REPORT))

  it('is a bounce with one verdict for each recipient', () => {
    assert.equal(conclusion.kind, 'bounce')
    assert.deepEqual(
      conclusion.recipients.map(({ address, class: class_, reason, status, replyCode }) => [
        address,
        class_,
        reason,
        status,
        replyCode,
      ]),
      [
        ['first@example.org', 'hard', 'user-unknown', '5.1.1', 550],
        ['second@example.org', 'soft', 'mailbox-full', '5.2.2', 552],
      ],
    )
  })

  it('keeps the diagnostic line and the rule that fired', () => {
    assert.equal(conclusion.kind, 'bounce')
    const [first] = conclusion.recipients
    assert.match(
      first?.diagnostic ?? '',
      /^550 5\.1\.1 <first@example\.org>: Recipient address rejected: User unknown/,
    )
    assert.match(first?.rule ?? '', /user-unknown/)
  })

  it('reads the head of the returned mail by its type in the singular too', () => {
    const { raw } = SAMPLES.find(({ name }) => name === 'arf-head-singular') ?? { raw: Buffer.alloc(0) }
    assert.equal(conclude(raw).original?.messageId, '7.8@example.com')
  })

  it('shows what the returned mail says of itself', () => {
    assert.equal(conclusion.original?.messageId, '1.2@example.com')
    assert.equal(conclusion.original?.feedbackId, '1:news')
    assert.equal(conclusion.original?.returnPath, 'b-abc@in.example.com')
    assert.deepEqual(conclusion.original?.to, ['first@example.org'])
    assert.deepEqual(conclusion.links, [{ classId: 'abcdefghijklmnop', token: 'AQIDBAUGBwgJCgsMDQ4PEA' }])
  })
})

describe('a broken delivery report', () => {
  const report = (type: string, group: string) =>
    `From: MAILER-DAEMON@mx.example.com
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b1

--b1
Content-Type: text/plain

Failed.
--b1
Content-Type: ${type}

Reporting-MTA: dns; mx.example.com

${group}
--b1
Content-Type: text/rfc822-headers

From: news@example.com
To: first@example.org
--b1--
`
  const said = 'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown'
  const whole = `Final-Recipient: rfc822; first@example.org\n${said}`
  const status = 'message/delivery-status'
  for (const [name, raw] of Object.entries({
    'that names nobody': report(status, said),
    'with an empty line in its group': report(status, whole.replace('Action', '\nAction')),
    'that is declared a file': report('application/octet-stream; name=details.txt', whole),
  })) {
    it(`${name} tells why, of the recipient of the returned mail`, () => {
      const conclusion = conclude(Buffer.from(raw))
      assert.equal(conclusion.kind, 'bounce')
      assert.deepEqual(
        conclusion.recipients.map(({ address, reason }) => [address, reason]),
        [['first@example.org', 'user-unknown']],
      )
    })
  }

  it('is not looked for in a file that does not begin like one', () => {
    const raw = report('application/octet-stream', whole).replace('Reporting-MTA', 'X')
    const conclusion = conclude(Buffer.from(raw))
    assert.equal(conclusion.kind, 'bounce')
    assert.deepEqual(
      conclusion.recipients.map(({ class: class_ }) => class_),
      ['unknown'],
    )
  })
})
