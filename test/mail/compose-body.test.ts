import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import PostalMime from 'postal-mime'
import { composeBody } from '../../src/mail/compose-body.ts'
import { joinMessage } from '../../src/mail/header-block.ts'
import { fc, runs } from '../support/properties.ts'

const japanese = '配信停止はこちら。\r\n'.repeat(40)

function encodingOf(content: Parameters<typeof composeBody>[0]): string | undefined {
  return composeBody(content).fields.find(({ key }) => key === 'content-transfer-encoding')?.value
}

describe('a body', () => {
  test('of short ASCII lines goes out as it is, with CRLF', () => {
    const { fields, bytes } = composeBody({ text: 'a\nb\rc\r\n' })
    assert.equal(bytes.toString(), 'a\r\nb\r\nc\r\n')
    assert.deepEqual(
      fields.map(({ raw }) => raw),
      ['Content-Type: text/plain; charset=utf-8\r\n', 'Content-Transfer-Encoding: 7bit\r\n'],
    )
  })

  test('takes the shorter encoding when it must be encoded', () => {
    assert.equal(encodingOf({ html: '<p>café</p>' }), 'quoted-printable')
    assert.equal(encodingOf({ text: 'a'.repeat(77) }), 'quoted-printable')
    assert.equal(encodingOf({ text: 'NUL \0' }), 'quoted-printable')
    assert.equal(encodingOf({ text: japanese }), 'base64')
  })

  test('of text and HTML is an alternative with the HTML last', async () => {
    const { fields, bytes } = composeBody({ text: 'plain', html: `<p>${japanese}</p>` })
    assert.match(fields[0]?.value ?? '', /^multipart\/alternative; boundary="=_/)
    assert.ok(bytes.indexOf('text/plain') < bytes.indexOf('text/html'))
    const parsed = await PostalMime.parse(joinMessage(fields, bytes))
    assert.equal(parsed.text?.trim(), 'plain')
    assert.ok(parsed.html?.includes('配信停止はこちら。'))
  })

  test('of nothing is an empty line of text', () => {
    assert.equal(composeBody({}).bytes.toString(), '\r\n')
    assert.equal(composeBody({ text: '' }).bytes.toString(), '\r\n')
  })

  test('is the same for the same content and has another boundary for another', () => {
    const compose = (html: string) => composeBody({ text: 'a', html })
    assert.deepEqual(compose('b'), compose('b'))
    assert.notEqual(compose('b').fields[0]?.value, compose('c').fields[0]?.value)
  })

  test('of any text keeps its lines short and is read back unchanged', async () => {
    const unit = fc.constantFrom('あ', '𠮷', 'é', 'a', 'word ', '=', '.', '\n', '\n--', ' ', '\t', '\0', '<')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 300 }), fc.boolean(), async (text, both) => {
        const { fields, bytes } = composeBody(both ? { text, html: `<p>${text}</p>` } : { text })
        assert.ok(
          bytes
            .toString()
            .split('\r\n')
            .every((line) => line.length <= 76),
        )
        const parsed = await PostalMime.parse(joinMessage(fields, bytes))
        assert.equal(parsed.text?.replace(/\r?\n/g, '\n').replace(/\n$/, ''), text.replace(/\n$/, ''))
      }),
      { numRuns: runs(100) },
    )
  })
})
