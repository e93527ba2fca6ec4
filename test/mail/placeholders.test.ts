import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DomainError } from '../../src/kernel/domain-error.ts'
import { compileTemplate, MissingKeyError } from '../../src/mail/placeholders.ts'
import { fc } from '../support/properties.ts'

const text = (template: string, values: Record<string, string> = {}, url?: string) =>
  compileTemplate(template, 'text').render(values, url)

describe('a template', () => {
  test('is filled in, blanks inside the braces or not', () => {
    assert.equal(
      text('{{name}} 様 {{ 会社名 }}{{\tname }}!', { name: '田中', 会社名: '解除' }),
      '田中 様 解除田中!',
    )
  })

  test('names its keys once', () => {
    assert.deepEqual([...compileTemplate('{{a}} {{ b }} {{a}}', 'text').keys], ['a', 'b'])
    assert.equal(compileTemplate('none', 'text').keys.size, 0)
  })

  test('leaves braces that hold no key as they are', () => {
    for (const template of ['{{}}', '{{ \t}}', '{a}', '{{a', 'a}}', '{{a\nb}}', '{{a}', '}}{{', '']) {
      assert.equal(text(template, { a: 'x' }), template)
    }
    assert.equal(text('{{{a}}}', { a: 'x' }), '{x}')
  })

  test('renders for any number of recipients', () => {
    const template = compileTemplate('Hi {{name}}', 'text')
    assert.deepEqual([template.render({ name: 'A' }), template.render({ name: 'B' })], ['Hi A', 'Hi B'])
  })

  test('inserts a value as it is and never reads it as a template', () => {
    assert.equal(text('{{a}}{{b}}', { a: '{{b}}', b: '$& $1' }), '{{b}}$& $1')
  })

  test('gives back what was put together from literals and values', () => {
    const piece = fc.string({ unit: 'grapheme' }).filter((literal) => !/[{}]/.test(literal))
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.string())), (pairs) => {
        const template = pairs.map(([literal], at) => `${literal}{{k${at}}}`).join('')
        const values = Object.fromEntries(pairs.map(([, value], at) => [`k${at}`, value]))
        assert.equal(text(template, values), pairs.map((pair) => pair.join('')).join(''))
      }),
    )
  })

  test('is read in a time that grows with its length', () => {
    const started = performance.now()
    for (const piece of ['{', '{{', '{{ ', '{{a', ' ']) compileTemplate(`{{${piece.repeat(100_000)}`, 'text')
    assert.ok(performance.now() - started < 1000)
  })
})

describe('values', () => {
  test('are escaped in HTML', () => {
    const html = compileTemplate('<a href="{{u}}">{{n}}</a>', 'html')
    assert.equal(
      html.render({ u: 'https://a/?b&c', n: `<'"&>` }),
      '<a href="https://a/?b&amp;c">&lt;&#39;&quot;&amp;&gt;</a>',
    )
  })

  test('may span lines in a text but not in a header', () => {
    const values = { a: 'x\r\nBcc: y@z' }
    assert.equal(text('{{a}}', values), values.a)
    for (const a of ['x\ry', 'x\ny', 'x\0y']) {
      assert.throws(() => compileTemplate('Re: {{a}}', 'header').render({ a }), {
        code: 'invalid-value',
        field: 'substitutions.a',
      })
    }
  })

  test('that are missing are named', () => {
    assert.throws(
      () => text('{{a}} {{b}}', { a: '' }),
      (error) => error instanceof MissingKeyError && error instanceof DomainError && error.key === 'b',
    )
  })

  test('are the recipient’s own, never what every object has', () => {
    for (const key of ['constructor', 'toString', '__proto__']) {
      assert.throws(() => text(`{{${key}}}`), { field: `substitutions.${key}` })
    }
  })
})

describe('the unsubscribe placeholder', () => {
  test('has two names, which a recipient’s values cannot take over', () => {
    const values = { unsubscribe_url: 'https://evil/', KarteUnsubscribeUrl: 'https://evil/' }
    assert.equal(
      text('{{unsubscribe_url}} {{ KarteUnsubscribeUrl }}', values, 'https://k/-t'),
      'https://k/-t https://k/-t',
    )
  })

  test('is missing when the message has no unsubscribe page', () => {
    assert.throws(() => text('{{unsubscribe_url}}'), MissingKeyError)
  })
})
