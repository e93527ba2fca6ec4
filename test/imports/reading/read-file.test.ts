import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { MOST_ROWS, readFile } from '../../../src/imports/reading/read-file.ts'
import type { FileFormat } from '../../../src/imports/reading/unreadable.ts'
import { tempDir } from '../../support/temp-dir.ts'

/** 名前 and 山田, and what they are in Chinese, in encodings that Node reads and does not write. */
const SHIFT_JIS = Buffer.from('email,\x96\xbc\x91\x4f\na@example.jp,\x8e\x52\x93\x63\n', 'latin1')
const EUC_JP = Buffer.from('email,\xcc\xbe\xc1\xb0\na@example.jp,\xbb\xb3\xc5\xc4\n', 'latin1')
const ISO_2022_JP = Buffer.from('email,\x1b$BL>A0\x1b(B\na@example.jp,\x1b$B;3ED\x1b(B\n', 'latin1')
const GBK = Buffer.from('email,\xd0\xd5\xc3\xfb\na@example.cn,\xcd\xf5\x81\x40\n', 'latin1')
const BIG5 = Buffer.from('email,\xa9\x6d\xa6\x57\na@example.tw,\xb3\xaf\x81\xfe\n', 'latin1')

describe('a file of addresses', () => {
  it('is read into recipients: each once, sorted, with the spelling of the first row that has capitals', (t) => {
    const text = 'name,EMAIL ,x\nB,b@Example.com,1\nA,a@example.com,2\n,B@example.com,3\n'
    const others = [
      'c@example.com.au',
      'c@example.com',
      'c@example.com',
      'C@example.com',
      'c@example.com',
      'c@a.co',
    ]
    const { rows, repeated, listed } = read(t, text + others.map((address) => `,${address},\n`).join(''))
    assert.deepEqual({ rows, repeated }, { rows: 9, repeated: 4 })
    assert.deepEqual(listed, [
      ['a@example.com'],
      ['b@example.com', 'b@Example.com'],
      ['c@a.co'],
      ['c@example.com', 'C@example.com'],
      ['c@example.com.au'],
    ])
  })

  it('counts rows as a spreadsheet does when it tells what is no address, and blank lines not as rows', (t) => {
    const { rows, rejects } = read(t, 'email\n\nnobody\n  \na@example.com\n,\n')
    assert.equal(rows, 3)
    assert.deepEqual(rejects, [
      { number: 3, text: 'nobody', reason: ['malformed-address'] },
      { number: 6, text: '', reason: ['no-address'] },
    ])
  })

  it('may have line ends of any kind, quotes, and fields of several lines', (t) => {
    const text = 'note,email\r\n"one\r\ntwo","a@example.com"\rthree,b@example.com\n"say ""hi""",c@example.com'
    assert.deepEqual(read(t, text).keys, ['a@example.com', 'b@example.com', 'c@example.com'])
  })

  it('is one address a line as text, without a header', (t) => {
    const { keys, rejects } = read(t, 'b@example.com\r\n\r\n  a@example.com \nnobody\n', { format: 'text' })
    assert.deepEqual(keys, ['a@example.com', 'b@example.com'])
    assert.deepEqual(
      rejects.map(({ number }) => number),
      [4],
    )
  })

  for (const [what, bytes, encoding] of [
    ['UTF-8', Buffer.from('email,名前\na@example.jp,山田\n'), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffemail,名前\na@example.jp,山田\n'), 'utf-8'],
    [
      'Windows-1252',
      Buffer.from('email,nom\na@example.fr,Andr\xe9\na@example.fr,\x80 5\n', 'latin1'),
      'windows-1252',
    ],
    [
      'German Windows-1252',
      Buffer.from('email,Stadt\na@example.de,K\xf6ln, Stra\xdfe\n', 'latin1'),
      'windows-1252',
    ],
  ] as const) {
    it(`is read in ${what}`, (t) => {
      const found = read(t, bytes)
      assert.deepEqual([found.encoding, found.keys.length], [encoding, 1])
    })
  }

  for (const [label, bytes] of [
    ['shift_jis', SHIFT_JIS],
    ['euc-jp', EUC_JP],
    ['iso-2022-jp', ISO_2022_JP],
    ['gbk', GBK],
    ['utf-16le', Buffer.from('\ufeffemail\na@example.jp\n', 'utf16le')],
  ] as const) {
    it(`is read in ${label} when that is said`, (t) => {
      assert.equal(read(t, bytes, { encoding: label }).keys.length, 1)
    })
  }

  for (const [what, bytes, message] of [
    ['Shift_JIS', SHIFT_JIS, /reads as Shift_JIS/],
    ['EUC-JP', EUC_JP, /reads as EUC-JP/],
    ['ISO-2022-JP', ISO_2022_JP, /the file is ISO-2022-JP/],
    ['GBK', GBK, /not UTF-8 and reads as EUC-JP/],
    ['Big5', BIG5, /neither UTF-8 nor Windows-1252: byte \d+ is 0x81/],
    ['UTF-16 with a mark', Buffer.from('\ufeffemail\na@b.example\n', 'utf16le'), /UTF-16/],
    ['UTF-16 without one', Buffer.from('email\na@b.example\n', 'utf16le'), /UTF-16LE/],
    ['UTF-16, big end first', Buffer.from('email\na@b.example\n', 'utf16le').swap16(), /UTF-16BE/],
    ['UTF-32', Buffer.from('e\0\0\0m\0\0\0', 'latin1'), /UTF-32LE/],
    ['a ZIP archive renamed', Buffer.from('PK\x03\x04\x14\0', 'latin1'), /ZIP archive/],
    ['a gzip file', gzipSync('email\na@b.example\n'), /gzip/],
    ['JSON', Buffer.from('{\n "SuppressedDestinationSummaries": [{}]}'), /JSON: save it as CSV UTF-8/],
    ['JSON line by line', Buffer.from('\ufeff{"email":"a@b.example"}\n'), /is JSON/],
    ['a NUL byte', Buffer.from('email\na@b.example\nb\0@b.example\n'), /byte 20 is NUL/],
    ['binary', Buffer.from([0x65, 0x6d, 0x9d, 0xff, 0x8f]), /byte 3 is 0x9d/],
    [
      'UTF-8 that breaks after its mark',
      Buffer.from('\xef\xbb\xbfemail\n\xe9\n', 'latin1'),
      /not UTF-8: see byte 11/,
    ],
    ['nothing', Buffer.alloc(0), /empty/],
    ['blank lines only', Buffer.from('\n \n'), /empty/],
    ['only a header', Buffer.from('email,name\n'), /no data rows/],
    ['no column email', Buffer.from('mail,name\na@b.example,x\n'), /row 1, the header, has no column email/],
    [
      'two of them',
      Buffer.from('email,x, E-Mail,Email\na,b,c,d\n'),
      /two columns named email: columns 1 and 4$/,
    ],
    [
      'a quote that is not closed',
      Buffer.from('email\na@b.example\n"c@b.example\nd@b.example\n'),
      /row 3: a quote is opened/,
    ],
    [
      'text behind a closing quote',
      Buffer.from('email\na@b.example\n"c"x,\n'),
      /row 3: a quoted field goes on/,
    ],
  ] as const) {
    it(`is refused when it is ${what}`, (t) => {
      assert.throws(() => read(t, bytes), { code: 'unreadable-file', message })
    })
  }

  it('names the byte that is not of the encoding that was said', (t) => {
    const bytes = Buffer.concat([
      Buffer.from('email\n'),
      Buffer.alloc(300_000, 'a'),
      Buffer.from([0x80, 0x0a]),
    ])
    assert.throws(() => read(t, bytes, { encoding: 'utf-8' }), { message: /not UTF-8: see byte 300007/ })
    assert.throws(() => read(t, bytes, { encoding: 'klingon' }), { code: 'invalid-value', field: 'encoding' })
  })

  it('ends early where a quote swallows the rest of a large file', (t) => {
    const text = `email\na@b.example\n"${'b@b.example\n'.repeat(200_000)}`
    assert.throws(() => read(t, text), { code: 'unreadable-file', message: /row 3 does not end/ })
  })

  it('has at most a million data rows, of which skipped ones count and blank lines do not', (t) => {
    const most = `email\n${'x\n\n'.repeat(MOST_ROWS)}`
    assert.equal(read(t, most).rows, MOST_ROWS)
    assert.throws(() => read(t, `${most}x\n`), { code: 'too-large', message: /row 2000002 is one more/ })
  })
})

function read(
  t: TestContext,
  content: string | Buffer,
  { format = 'csv', encoding }: { format?: FileFormat; encoding?: string } = {},
) {
  const file = join(tempDir(t), 'file')
  writeFileSync(file, content)
  const found = readFile(file, { format, encoding, routing: undefined })
  const [recipients] = found.recipients
  const listed: [key: string, address?: string][] = JSON.parse(
    recipients?.rowsJson(0, recipients.count, () => undefined) ?? '[]',
  )
  return { ...found, listed, keys: listed.map(([key]) => key) }
}
