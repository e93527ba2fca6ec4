import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readXml } from '../../../src/dialects/xml/read-xml.ts'
import { element, xmlDocument } from '../../../src/dialects/xml/write-xml.ts'
import { DomainError } from '../../../src/kernel/domain-error.ts'
import { fc, runs } from '../../support/properties.ts'

const read = (text: string | Buffer) => readXml(Buffer.from(text as string))
const refusal = (text: string | Buffer) =>
  read(text).then(
    () => 'taken',
    (error) => (error instanceof DomainError ? `${error.code}: ${error.message}` : String(error)),
  )

describe('an XML document', () => {
  it('is read as elements with attributes and text, CDATA and references resolved', async () => {
    const root = await read(
      '<?xml version="1.0"?><!-- c --><a x="&quot;1&quot;">t&#x3042;<b><![CDATA[<&>]]></b>&amp;<?pi x?>u</a>',
    )
    assert.deepEqual([root.name, { ...root.attributes }, root.text], ['a', { x: '"1"' }, 'tあ&u'])
    assert.deepEqual(
      root.children.map(({ name, text }) => [name, text]),
      [['b', '<&>']],
    )
  })

  const illFormed = [
    ['nothing', ''],
    ['blanks', ' \n'],
    ['text alone', 'hello'],
    ['JSON', '{"a":1}'],
    ['an element that is not closed', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['a bare ampersand', '<a>&</a>'],
    ['an entity that is none of the five', '<a>&nbsp;</a>'],
    ['an entity by the name of a property', '<a>&constructor;</a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['a comment with two hyphens', '<a><!-- -- --></a>'],
    ["the seed's comment, whose second hyphen is a dash", '<a><!—- x --></a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a reference to a control character', '<a>&#0;</a>'],
    ['a blank before the declaration', ' <?xml version="1.0"?><a/>'],
    ['a prefix that stands for nothing', '<x:a/>'],
    ['one with two byte order marks', '\ufeff\ufeff<a/>'],
    ['a cut', '<?xml version="1.0"?><a><b>'],
  ] as const
  for (const [what, text] of illFormed) {
    it(`is none: ${what}`, async () => {
      assert.match(await refusal(text), /^malformed-body: /)
    })
  }

  it('has no document type: nothing is declared, expanded or fetched', async () => {
    const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
    const bombs = [
      `<!DOCTYPE a [<!ENTITY l0 "lol">${lol.join('')}]><a>&l9;</a>`,
      '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      '<!DOCTYPE a><a/>',
    ]
    for (const bomb of bombs) assert.match(await refusal(bomb), /DOCTYPE/)
  })

  it('is limited in depth, attributes, elements and lengths of names', async () => {
    assert.match(await refusal('<a>'.repeat(101)), /^too-large: at most 100 levels/)
    assert.match(
      await refusal(`<a ${Array.from({ length: 101 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      /too-large/,
    )
    assert.match(await refusal(`<a>${'<b/>'.repeat(300_000)}</a>`), /^too-large: at most 300000 elements/)
    assert.match(await refusal(`<${'a'.repeat(1_001)}/>`), /^too-large: .* name/)
  })

  it('may be of version 1.1', async () => {
    assert.equal((await read('<?xml version="1.1"?><a>&#1;</a>')).text, '\u0001')
  })
})

describe('the encoding of a document', () => {
  const declared = (name: string) => `<?xml version="1.0" encoding="${name}" ?><a>`
  const cases: [what: string, bytes: Buffer][] = [
    ['UTF-8 without a declaration', Buffer.from('<a>日本</a>')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff<a>日本</a>')],
    ['UTF-8 with both', Buffer.from(`\ufeff${declared('utf-8')}日本</a>`)],
    ['UTF-16 little endian', Buffer.from(`\ufeff${declared('UTF-16')}日本</a>`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\ufeff${declared('UTF-16')}日本</a>`, 'utf16le').swap16()],
    ['Shift_JIS', framed(declared('Shift_JIS'), [0x93, 0xfa, 0x96, 0x7b])],
    ['Windows-31J', framed(declared('Windows-31J'), [0x93, 0xfa, 0x96, 0x7b])],
    ['what PHP calls SJIS-win', framed(declared('SJIS-win'), [0x93, 0xfa, 0x96, 0x7b])],
    ['EUC-JP', framed(declared('euc-jp'), [0xc6, 0xfc, 0xcb, 0xdc])],
    ['what PHP calls eucJP-win', framed(declared('eucJP-win'), [0xc6, 0xfc, 0xcb, 0xdc])],
    [
      'ISO-2022-JP',
      framed(declared('ISO-2022-JP'), [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42]),
    ],
  ]
  for (const [what, bytes] of cases) {
    it(`may be ${what}`, async () => assert.equal((await readXml(bytes)).text, '日本'))
  }

  it('is refused where it is not known, contradicts the mark, or does not fit the bytes', async () => {
    assert.match(await refusal(`${declared('utf-7')}</a>`), /encoding that is not read/)
    assert.match(await refusal(`${declared('constructor')}</a>`), /encoding that is not read/)
    assert.match(
      await refusal(Buffer.from(`\ufeff${declared('utf-8')}</a>`, 'utf16le')),
      /different encodings/,
    )
    assert.match(await refusal(`\ufeff${declared('Shift_JIS')}</a>`), /different encodings/)
    assert.match(await refusal(framed(declared('utf-8'), [0x93, 0xfa])), /not utf-8/)
    assert.match(await refusal(framed(declared('euc-jp'), [0xff])), /not euc-jp/)
    assert.match(await refusal(framed(declared('us-ascii'), [0xe9])), /not us-ascii/)
    assert.match(await refusal(Buffer.from(`${declared('UTF-16')}</a>`, 'utf16le')), /malformed-body/)
  })
})

function framed(start: string, bytes: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from('</a>')])
}

describe('what is written', () => {
  it('is read back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), async (text, value) => {
        const writable = (given: string) => given.replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
        const root = await read(xmlDocument(element('a', [element('b', text)], { x: value })))
        assert.equal(root.children[0]?.text, writable(text))
        assert.equal(root.attributes['x'], writable(value).replace(/[\t\n]/g, ' '))
      }),
    )
  })

  it('has each element of a list on a line of its own', () => {
    assert.equal(
      xmlDocument(element('r', [element('n', 1), element('e')])),
      '<?xml version="1.0" encoding="UTF-8" ?>\n<r>\n<n>1</n>\n<e></e>\n</r>',
    )
  })

  it('cannot be broken out of', () => {
    assert.equal(element('a', '</a>]]>\u0000\ud800'), '<a>&lt;/a&gt;]]&gt;\ufffd\ufffd</a>')
  })
})

describe('any bytes at all', () => {
  it('are read or refused', async () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      '="',
      '"',
      '&',
      ';',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?xml ',
      '?>',
      '#x',
      '\u0000',
      'あ',
      ' ',
    )
    const documents = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.array(pieces, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(documents, async (bytes) => {
        const error = await readXml(bytes).catch((refused) => refused)
        if (error instanceof Error) assert.ok(error instanceof DomainError, String(error))
      }),
      { numRuns: runs(2_000) },
    )
  })
})
