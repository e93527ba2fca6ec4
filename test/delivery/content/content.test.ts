import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileContent, rawContent, type StoredContent } from '../../../src/delivery/content/content.ts'

const stored = (change: Partial<StoredContent>): StoredContent => ({
  from: { address: 'news@example.com' },
  subject: 'Hello {{name}}',
  text: 'To everyone',
  headers: {},
  ...change,
})
const recipient = (to: string) => ({
  to,
  substitutions: { name: to },
  unsubscribeUrl: undefined,
  messageId: `${to}.example`,
  date: 0,
})

describe('the body of a mail to many', () => {
  for (const [what, content] of [
    ['composed without placeholders in it', compileContent(stored({ html: '<p>To everyone' }))],
    ['given whole', rawContent(Buffer.from('From: news@example.com\r\n\r\nTo everyone\r\n'))],
  ] as const) {
    it(`is one buffer for all of them, so that it is hashed once: ${what}`, () => {
      const [one, other] = [
        content.render(recipient('a@b.example')),
        content.render(recipient('c@d.example')),
      ]
      assert.equal(one.body, other.body)
      assert.notDeepEqual(one.fields, other.fields)
    })
  }

  it('is each its own where it holds a placeholder', () => {
    for (const change of [{ text: 'To {{name}}' }, { html: '<p>{{name}}' }]) {
      const { render } = compileContent(stored(change))
      for (const to of ['a@b.example', 'c@d.example']) assert.ok(render(recipient(to)).body.includes(to))
    }
  })
})

describe('Cc', () => {
  it('leaves out whom an erasure took from a delivery under way', () => {
    const cc = [{ address: 'boss@example.jp' }, { name: 'x', address: 'a-keyed-hash' }]
    const { fields } = compileContent(stored({ cc })).render(recipient('a@b.example'))
    assert.equal(fields.find(({ key }) => key === 'cc')?.value, 'boss@example.jp')
  })
})
