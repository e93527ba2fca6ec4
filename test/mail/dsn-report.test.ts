import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readDsnReport } from '../../src/mail/dsn-report.ts'

describe('a delivery report', () => {
  it('tells of each recipient, with types taken off and lines unfolded', () => {
    const [first, second] = readDsnReport(`Reporting-MTA: dns; mx.example.net

Original-Recipient: rfc822;taro@example.org
Final-Recipient: RFC822; taro@inner.example.org
Action: failed (no such mailbox)
Status: 5.1.1 (bad destination mailbox address)
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1
  User unknown

Final-Recipient: x400; /S=x/
Action: Delayed
Status: 4.4.1
`)
    assert.deepEqual(first, {
      finalRecipient: 'taro@inner.example.org',
      originalRecipient: 'taro@example.org',
      action: 'failed',
      status: '5.1.1',
      diagnosticType: 'smtp',
      diagnostic: '550 5.1.1 User unknown',
      remoteMta: 'mx.example.org',
    })
    assert.deepEqual([second?.action, second?.status, second?.diagnostic], ['delayed', '4.4.1', null])
  })

  it('needs no empty line between recipients', () => {
    const text =
      'Final-Recipient: rfc822; a@x.example\nAction: failed\nFinal-Recipient: rfc822; b@x.example\nAction: failed'
    assert.deepEqual(
      readDsnReport(text).map(({ finalRecipient }) => finalRecipient),
      ['a@x.example', 'b@x.example'],
    )
  })

  it('takes no part of a longer number for a status', () => {
    const [recipient] = readDsnReport('Final-Recipient: rfc822; a@x.example\nStatus: 15.1.1')
    assert.equal(recipient?.status, null)
  })

  it('has no recipients where only the message is described', () => {
    assert.deepEqual(readDsnReport('Reporting-MTA: dns; mx.example.net\nAction: failed'), [])
  })

  it('goes on behind an empty line in the middle of a group', () => {
    const text =
      'Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x.example\n\nAction: failed\n\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; b@x.example\n\nAction: delayed'
    assert.deepEqual(
      readDsnReport(text).map(({ finalRecipient, action, status }) => [finalRecipient, action, status]),
      [
        ['a@x.example', 'failed', '5.1.1'],
        ['b@x.example', 'delayed', null],
      ],
    )
  })

  it('is about somebody where no group names anybody', () => {
    const said = 'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown'
    for (const text of [said, `Reporting-MTA: dns; mx\n\n${said}`]) {
      const [only, ...others] = readDsnReport(text)
      assert.deepEqual(others, [])
      assert.deepEqual([only?.finalRecipient, only?.action, only?.status], [null, 'failed', '5.1.1'])
    }
    const both = `${said}\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed`
    assert.deepEqual(
      readDsnReport(both).map(({ finalRecipient }) => finalRecipient),
      ['a@x.example'],
    )
  })
})
