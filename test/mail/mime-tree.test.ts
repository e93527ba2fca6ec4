import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isMessage, type MimePart, readMimeTree, textOf, walkParts } from '../../src/mail/mime-tree.ts'

describe('a message', () => {
  it('is read into its parts, whatever ends its lines', () => {
    for (const ending of ['\n', '\r\n', '\r']) {
      const tree = read(MIXED.replace(/\n/g, ending))
      assert.deepEqual(typesIn(tree), [
        'multipart/mixed',
        'text/plain',
        'multipart/alternative',
        'text/html',
        'message/rfc822',
        'text/plain',
      ])
    }
  })

  it('is opened where it stands inside of another', () => {
    const inner = [...walkParts(read(MIXED))].find(isMessage)
    assert.equal(inner?.parts[0]?.fields.find(({ key }) => key === 'subject')?.value, 'inner')
  })

  it('is one part where it names no boundary, and parts where the boundary is lost but seen', () => {
    assert.deepEqual(typesIn(read('Content-Type: multipart/mixed\n\nno parts')), ['multipart/mixed'])
    assert.deepEqual(
      typesIn(read('Content-Type: multipart/mixed\n\n--x\nContent-Type: text/html\n\nx\n--x--\n')),
      ['multipart/mixed', 'text/html'],
    )
  })

  it('ends its last part with the text where the last boundary is missing', () => {
    const tree = read('Content-Type: multipart/mixed; boundary=x\n\n--x\n\nfirst\n--x\n\nsecond\n')
    assert.deepEqual(tree.parts.map(textOf), ['first', 'second\n'])
  })

  it('does not take a longer boundary for its own', () => {
    const tree = read('Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--xy\nb\n--x--\n')
    assert.deepEqual(tree.parts.map(textOf), ['a\n--xy\nb'])
  })

  it('has at most 500 parts and 20 levels', () => {
    const many = read(`Content-Type: multipart/mixed; boundary=x\n\n${'--x\n\ny\n'.repeat(2_000)}--x--`)
    assert.equal([...walkParts(many)].length, 501)
    const deep = read('Content-Type: message/rfc822\n\n'.repeat(100))
    assert.equal([...walkParts(deep)].length, 21)
  })

  it('is text after its transfer encoding and its charset', () => {
    const tree = read(
      'Content-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: base64\n\ngqiSbYLngrk=\n',
    )
    assert.equal(textOf(tree), 'お知らせ')
  })
})

const MIXED = `Subject: outer
Content-Type: multipart/mixed; boundary="a"

preamble
--a

plain
--a
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/html

<p>
--b--
--a
Content-Type: message/rfc822

Subject: inner

text
--a--
epilogue
`

function read(text: string): MimePart {
  return readMimeTree(Buffer.from(text, 'latin1'))
}

function typesIn(tree: MimePart): string[] {
  return [...walkParts(tree)].map(({ contentType }) => contentType.type)
}
