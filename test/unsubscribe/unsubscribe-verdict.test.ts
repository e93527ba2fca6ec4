import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { unsubscribeVerdict } from '../../src/unsubscribe/unsubscribe-verdict.ts'
import { fc } from '../support/properties.ts'

const BOUNDARY = '---FormBoundaryjWmhtjORrn'
const disposition = 'Content-Disposition: form-data; name="List-Unsubscribe"'

describe('the body of a POST', () => {
  const recording: Record<string, string | Buffer> = {
    'nothing at all': '',
    'the urlencoded field': 'List-Unsubscribe=One-Click',
    'the field in any case, with blanks and a line break': 'list-unsubscribe=+ONE-CLICK+\r\n',
    'the field percent-encoded': 'List%2DUnsubscribe=One%2dClick',
    'the field among others': 'a=b&List-Unsubscribe=One-Click&c',
    'the field twice with two values': 'List-Unsubscribe=No&List-Unsubscribe=One-Click',
    'the field without a value': 'List-Unsubscribe',
    'a value cut short': 'List-Unsubscribe=One-Cl',
    'sound multipart': `--${BOUNDARY}\r\n${disposition}\r\n\r\nOne-Click\r\n--${BOUNDARY}--\r\n`,
    'multipart whose delimiters lack two hyphens': `${BOUNDARY}\r\n${disposition}\r\n\r\nOne-Click\r\n${BOUNDARY}--`,
    'multipart with bare line feeds': `--b\n${disposition}\nContent-Type: text/plain\n\nOne-Click\n--b--\n`,
    'multipart cut off after its header': `--b\r\n${disposition}\r\n`,
    'multipart without a value': `--b\r\n${disposition}\r\n\r\n--b--\r\n`,
    'other fields only': 'action=subscribe&unsubscribe=no',
    'another field in multipart': '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nNo\r\n--b--\r\n',
    JSON: '{"List-Unsubscribe":"No"}',
    'compressed bytes': gzipSync('List-Unsubscribe=No'),
    'broken percent-encoding': '%E3%81%ZZ=%',
    'bytes that are no text': Buffer.from([0, 255, 254, 0, 13, 10, 0]),
  }
  for (const [what, body] of Object.entries(recording)) {
    it(`asks to stop with ${what}`, () => assert.equal(unsubscribeVerdict(Buffer.from(body)), 'one-click'))
  }

  const other: Record<string, string> = {
    urlencoded: 'List-Unsubscribe=Two-Clicks',
    'percent-encoded': 'a=1&%4Cist-unsubscribe=%4Eo',
    'with more than the value': 'List-Unsubscribe=One-Click-Not',
    multipart: `--b\r\n${disposition}\r\n\r\nNo\r\n--b--\r\n`,
    'multipart unquoted, with more headers':
      '--b\r\ncontent-disposition:form-data;name=list-unsubscribe;x=y\r\nA: b\r\n\r\nNo\r\n--b--',
    'multipart with wrong delimiters': `${BOUNDARY}\r\n${disposition}\r\n\r\nNo\r\n${BOUNDARY}--`,
  }
  for (const [what, body] of Object.entries(other)) {
    it(`changes nothing when it says another value, ${what}`, () => {
      assert.equal(unsubscribeVerdict(Buffer.from(body)), 'other-value')
    })
  }

  it('asks to stop whatever it is, unless it names the field', () => {
    const pieces = [
      'content-disposition: form-data; name="x"',
      'Unsubscribe',
      'No',
      '--b',
      '\r\n',
      '=',
      '&',
      ';',
      '%4C',
      '%',
    ]
    const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        assert.equal(unsubscribeVerdict(Buffer.from(parts.join(''))), 'one-click')
      }),
    )
  })

  it('asks to stop wherever One-Click stands among other fields', () => {
    const names = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string())), fc.nat(), (fields, at) => {
        const pairs: Array<[string, string]> = fields.toSpliced(at % (fields.length + 1), 0, [
          'List-Unsubscribe',
          'One-Click',
        ])
        assert.equal(unsubscribeVerdict(Buffer.from(`${new URLSearchParams(pairs)}`)), 'one-click')
      }),
    )
  })

  it('changes nothing with any other value, in either form', () => {
    const values = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/).filter((value) => !/^o(n(e)?)?$/i.test(value))
    fc.assert(
      fc.property(values, (value) => {
        assert.equal(unsubscribeVerdict(Buffer.from(`List-Unsubscribe=${value}`)), 'other-value')
        const multipart = `--b\r\n${disposition}\r\n\r\n${value}\r\n--b--\r\n`
        assert.equal(unsubscribeVerdict(Buffer.from(multipart)), 'other-value')
      }),
    )
  })

  it('is decided in no time, however it is made', () => {
    const hostile = [
      `content-disposition:${';'.repeat(8_000)}`,
      `content-disposition:${'; name = "'.repeat(800)}`,
      `content-disposition:;${' '.repeat(8_000)}`,
      '\n'.repeat(8_192),
      `${disposition}\n`.repeat(140),
      '&'.repeat(8_192),
    ]
    for (const body of hostile) {
      const start = performance.now()
      unsubscribeVerdict(Buffer.from(body))
      assert.ok(performance.now() - start < 200)
    }
  })
})
