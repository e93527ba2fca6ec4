import assert from 'node:assert/strict'
import { it } from 'node:test'
import { mailboxesOf } from '../../src/mail/mailbox-list.ts'

it('names the mailboxes of a list, with their names and those of groups, or none where one has no address', () => {
  assert.deepEqual(mailboxesOf('a@example.jp, "部長, 営業" <b@example.jp>, all: c@example.jp;'), [
    { address: 'a@example.jp' },
    { name: '部長, 営業', address: 'b@example.jp' },
    { address: 'c@example.jp' },
  ])
  assert.equal(mailboxesOf('a@example.jp, nobody'), undefined)
})
