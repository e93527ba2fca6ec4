import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import PostalMime from 'postal-mime'
import { type Attachment, attachmentPart, requireAttachments } from '../../src/mail/attachment.ts'
import { composeBody } from '../../src/mail/compose-body.ts'
import { joinMessage } from '../../src/mail/header-block.ts'

const file = (change: Partial<Attachment> = {}): Attachment => ({
  filename: 'list.csv',
  contentType: 'text/csv',
  content: Buffer.from('a,b\r\n1,2\r\n').toString('base64'),
  ...change,
})

describe('files in a mail', () => {
  it('come out as they went in, behind what the mail says, whatever their names are', async () => {
    const names = ['list.csv', 'ご案内 2026年.pdf', `${'長い名前'.repeat(30)}.txt`, 'a "b" \\ c’s; d=e.txt']
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, at) => at % 256))
    const attachments = names.map((filename) => file({ filename, content: bytes.toString('base64') }))
    const body = composeBody(
      { text: 'こんにちは', html: '<p>こんにちは' },
      { attachments: attachments.map(attachmentPart) },
    )
    const raw = joinMessage([...body.fields], body.bytes)
    for (const line of raw.toString('latin1').split('\r\n')) assert.ok(line.length <= 90, line)
    const mail = await PostalMime.parse(raw)
    assert.equal(mail.text?.trim(), 'こんにちは')
    assert.equal(mail.html?.trim(), '<p>こんにちは')
    assert.deepEqual(
      mail.attachments.map(({ filename }) => filename),
      names,
    )
    for (const { content } of mail.attachments) assert.ok(bytes.equals(Buffer.from(content as ArrayBuffer)))
  })

  it('are refused by their field when they cannot be one', () => {
    const refused: [Partial<Attachment>, string][] = [
      [{ filename: '' }, 'filename'],
      [{ filename: 'a/b.txt' }, 'filename'],
      [{ filename: 'a\r\nX-Bad: 1' }, 'filename'],
      [{ contentType: 'text' }, 'contentType'],
      [{ contentType: 'text/plain\r\nX-Bad: 1' }, 'contentType'],
      [{ contentType: 'multipart/mixed' }, 'contentType'],
      [{ contentType: 'message/rfc822' }, 'contentType'],
      [{ content: 'no base64!' }, 'content'],
      [{ content: 'YQ' }, 'content'],
    ]
    for (const [change, field] of refused) {
      assert.throws(() => requireAttachments([file(), file(change)]), {
        code: 'invalid-value',
        field: `attachments[1].${field}`,
      })
    }
    requireAttachments([file({ content: '' })])
  })
})
