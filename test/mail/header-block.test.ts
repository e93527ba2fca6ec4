import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  foldedField,
  type HeaderField,
  headerField,
  joinMessage,
  parseHeaderBlock,
  prependFields,
  splitMessage,
  valuesOf,
  withoutFields,
} from '../../src/mail/header-block.ts'
import { fc } from '../support/properties.ts'

const rawOf = (fields: readonly HeaderField[]) => fields.map(({ raw }) => raw).join('')
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const parse = (text: string) => parseHeaderBlock(Buffer.from(text, 'utf8'))
const split = (text: string) => {
  const { head, body } = splitMessage(latin1(text))
  return [head.toString('latin1'), body.toString('latin1')]
}
const refusesFor = (field: string) => ({ name: 'DomainError', code: 'invalid-value', field })

/** Bytes as mail has them, more often than chance would. */
const mailBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\n', '\r', ' ', '\t', ':', 'From: ', 'X', '\0', '\xe3\x81\x82'),
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => Buffer.from(text).toString('latin1')),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => latin1(pieces.join('')))

describe('a message is cut at its first empty line', () => {
  test('with CRLF and with LF alone', () => {
    assert.deepEqual(split('A: 1\r\nB: 2\r\n\r\nbody\r\n\r\nmore'), ['A: 1\r\nB: 2\r\n', 'body\r\n\r\nmore'])
    assert.deepEqual(split('A: 1\nB: 2\n\nbody\n'), ['A: 1\nB: 2\n', 'body\n'])
    assert.deepEqual(split('A: 1\r\n\nbody'), ['A: 1\r\n', 'body'])
  })

  test('with no body, no head or neither', () => {
    assert.deepEqual(split('A: 1\r\n'), ['A: 1\r\n', ''])
    assert.deepEqual(split('A: 1\r\n\r\n'), ['A: 1\r\n', ''])
    assert.deepEqual(split('\r\nbody'), ['', 'body'])
    assert.deepEqual(split('\nbody'), ['', 'body'])
    assert.deepEqual(split(''), ['', ''])
  })

  test('but not at a folded line of blanks or a bare CR', () => {
    assert.deepEqual(split('A: 1\r\n \r\nB: 2\r\n\r\nbody'), ['A: 1\r\n \r\nB: 2\r\n', 'body'])
    assert.deepEqual(split('A: 1\r\n\rB: 2\r\n\r\nbody'), ['A: 1\r\n\rB: 2\r\n', 'body'])
  })
})

describe('reading fields', () => {
  test('keeps the folding in raw and takes it out of the value', () => {
    const [subject, to] = parse('Subject: one\r\n two\n\tthree  \r\nTo:x@y.z\r\n')
    assert.equal(subject?.raw, 'Subject: one\r\n two\n\tthree  \r\n')
    assert.equal(subject?.value, 'one two\tthree')
    assert.deepEqual([to?.name, to?.key, to?.value], ['To', 'to', 'x@y.z'])
  })

  test('reads raw UTF-8 and keeps a letter whose last byte looks like a blank', () => {
    assert.equal(parse('Subject: お知らせà\r\n')[0]?.value, 'お知らせà')
  })

  test('counts a name with blanks or a fold before its colon as that name, as receivers do', () => {
    for (const start of ['list-unsubscribe \t:', 'List-Unsubscribe\r\n :']) {
      assert.deepEqual(valuesOf(parse(`${start} <https://a.example/>\r\n`), 'List-Unsubscribe'), [
        '<https://a.example/>',
      ])
    }
  })

  test('keeps lines that are no field, without a name', () => {
    const fields = parse(' stray\r\nno colon here\r\nFrom me Mon 10:00:00\r\nA: 1\r\n: nameless\r\n')
    assert.deepEqual(
      fields.map(({ name }) => name),
      ['', '', '', 'A', ''],
    )
    assert.equal(fields[1]?.value, 'no colon here')
  })

  test('answers all values of a name from top to bottom', () => {
    const fields = parse('Received: a\r\nX: b\r\nRECEIVED: c\r\n')
    assert.deepEqual(valuesOf(fields, 'Received'), ['a', 'c'])
    assert.deepEqual(valuesOf(fields, 'To'), [])
  })

  test('and writing them again gives the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(mailBytes, (bytes) => {
        assert.deepEqual(latin1(rawOf(parseHeaderBlock(bytes))), bytes)
      }),
    )
  })

  test('and joining a split message gives it back, apart from the empty line', () => {
    fc.assert(
      fc.property(mailBytes, mailBytes, (first, body) => {
        const head = splitMessage(first).head
        const message = joinMessage(parseHeaderBlock(head), body)
        const again = splitMessage(message)
        const ending = head.length === 0 || head.at(-1) === 0x0a ? '' : '\r\n'
        assert.deepEqual(again.head, Buffer.concat([head, latin1(ending)]))
        assert.deepEqual(again.body, body)
      }),
    )
  })

  test('a head of more than a megabyte is refused: each field would cost many times its octets', () => {
    assert.throws(() => parse('X: a\r\n'.repeat(175_000)), refusesFor('raw'))
  })
})

describe('changing fields', () => {
  test('leaves every other field byte for byte as it was', () => {
    const fields = withoutFields(parse('A:  1\r\nList-ID: x\r\n y\r\nB:\t2\n'), 'list-id', 'Absent')
    assert.equal(rawOf([...fields, headerField('C', '3')]), 'A:  1\r\nB:\t2\nC: 3\r\n')
  })

  test('ends a last line that had no line break before another follows', () => {
    const two = joinMessage([...parse('A: 1'), headerField('B', '2')], latin1('body'))
    assert.equal(two.toString(), 'A: 1\r\nB: 2\r\n\r\nbody')
    assert.equal(joinMessage(parse('A: 1'), latin1('body')).toString(), 'A: 1\r\n\r\nbody')
  })

  test('never lets a stray first line become a part of a field put on top', () => {
    const fields = prependFields(
      parse(' stray\r\nA: 1\r\n'),
      headerField('Received', 'here'),
      headerField('B', '2'),
    )
    assert.deepEqual(
      parse(rawOf(fields)).map(({ raw }) => raw),
      [' stray\r\n', 'Received: here\r\n', 'B: 2\r\n', 'A: 1\r\n'],
    )
    assert.equal(prependFields(parse('A: 1\r\n'), headerField('B', '2'))[0]?.name, 'B')
    assert.equal(prependFields([], headerField('B', '2')).length, 1)
  })
})

describe('a new field', () => {
  test('stands on one line', () => {
    assert.equal(headerField('X-Tag', 'a  b').raw, 'X-Tag: a  b\r\n')
  })

  test('folds at its blanks when it is asked to', () => {
    const field = foldedField('To', Array.from({ length: 12 }, (_, n) => `user${n}@example.com`).join(', '))
    assert.ok(field.raw.split('\r\n').every((line) => line.length <= 76))
    assert.match(field.raw, /,\r\n user/)
    assert.equal(field.value.split(', ').length, 12)
  })

  test('never folds a run of blanks into a line of its own', () => {
    assert.equal(foldedField('X', `a${' '.repeat(300)}b`).raw, 'X: a b\r\n')
  })

  for (const bad of ['a\rb', 'a\nb', 'a\r\nBcc: x@y.z', 'a\0b', 'あ', '\x7f']) {
    test(`refuses ${JSON.stringify(bad)} as a value, naming the field`, () => {
      assert.throws(() => headerField('X-Tag', bad), refusesFor('X-Tag'))
      assert.throws(() => foldedField('X-Tag', bad, 'headers.X-Tag'), refusesFor('headers.X-Tag'))
    })
  }

  for (const bad of ['', 'X Tag', 'X:Tag', 'X-Tag\r\nBcc', 'Été', 'X\0']) {
    test(`refuses ${JSON.stringify(bad)} as a name`, () => {
      assert.throws(() => headerField(bad, 'a'), refusesFor(bad))
    })
  }

  test('refuses a line beyond 998 octets', () => {
    assert.equal(headerField('X', 'a'.repeat(995)).raw.length, 1000)
    assert.throws(() => headerField('X', 'a'.repeat(996)), refusesFor('X'))
    assert.throws(() => foldedField('X', 'a'.repeat(999)), refusesFor('X'))
  })
})
