import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { lifeOfBlock } from '../../entry/cli/kaijo.ts'
import { startNativeApi } from './native-api.ts'

const IMPORTS = '/services/10/imports'
const MOST_BYTES = 104_857_600
const bytes = (text: string) => Buffer.from(text, 'latin1')
const wide = (text: string) => Buffer.from(text, 'utf16le')
const utf32 = (text: string) => {
  const buffer = Buffer.alloc(text.length * 4)
  for (let index = 0; index < text.length; index++) buffer.writeUInt32LE(text.charCodeAt(index), index * 4)
  return buffer
}

/** Node reads these encodings and does not write them: 名前, 山田太郎 and カナ, each in its bytes. */
const SHIFT_JIS = bytes('email,\x96\xbc\x91\x4f\r\na@example.jp,\x8e\x52\x93\x63\x91\xbe\x98\x59\r\n')
const EUC_JP = bytes('email,\xcc\xbe\xc1\xb0\na@example.jp,\xbb\xb3\xc5\xc4\xc2\xc0\xcf\xba\n')
const ISO_2022_JP = bytes('email,\x1b$BL>A0\x1b(B\na@example.jp,\x1b$B;3ED\x1b(B\n')
const ROWS = 'email,created\na@example.jp,\nb@example.jp,\n'

/** An entry's head (APPNOTE.TXT 4.3.7), with its name and what is in it. */
const entry = (name: string, content = '') => {
  const head = Buffer.alloc(30)
  head.write('PK\x03\x04\x14', 'latin1')
  head.writeUInt32LE(content.length, 18)
  head.writeUInt32LE(content.length, 22)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, bytes(name), bytes(content)])
}
const office = (part: string) =>
  Buffer.concat([
    entry('[Content_Types].xml', '<Types/>'),
    entry('_rels/.rels', '<Relationships/>'),
    entry(part),
  ])
/** Of Office before 2007 ([MS-CFB]): its mark, and a directory with a stream of that name. */
const oldOffice = (stream: string) =>
  Buffer.concat([bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), Buffer.alloc(1_016), wide(`${stream}\0`)])

/** Files that are no text, whatever their names say, and how each is called. */
const FOREIGN: readonly (readonly [what: string, file: Buffer, detail: RegExp])[] = [
  ['a workbook of Excel', office('xl/workbook.xml'), /^the file is an Excel workbook: save it as /],
  ['one of Excel 97', oldOffice('Workbook'), /^the file is an Excel workbook: save it as /],
  ['one with a password', oldOffice('EncryptedPackage'), /^the file is an Excel workbook: save it as /],
  [
    'one of LibreOffice',
    entry('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'),
    /an OpenDocument spreadsheet: save/,
  ],
  [
    'a table of a web page',
    bytes('\n<html xmlns:x="excel"><table></table></html>'),
    /is an HTML page: save it as /,
  ],
  ['a document of Word', office('word/document.xml'), /it is an Office document$/],
  ['a document of Word 97', oldOffice('WordDocument'), /it is an Office document$/],
  ['a ZIP', entry('list.csv', 'email\n'), /^the file is a ZIP archive: unpack it first$/],
  ['an empty ZIP', bytes('PK\x05\x06'), /a ZIP archive/],
  ['a 7z archive', bytes('7z\xbc\xaf\x27\x1c\0\x04'), /a 7z archive: unpack/],
  ['a RAR archive', bytes('Rar!\x1a\x07\x01\0'), /a RAR archive: unpack/],
  ['a PDF', bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), /it is a PDF$/],
  ['a PNG', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), /it is a PNG image$/],
  ['a JPEG', bytes('\xff\xd8\xff\xe0\0\x10JFIF'), /it is a JPEG image$/],
  ['a photograph of an iPhone', bytes('\0\0\0\x24ftypheic\0\0\0\0'), /it is a HEIC image$/],
]

const BAD: readonly (readonly [what: string, file: Buffer | string, code: string, detail: RegExp])[] = [
  ['Shift_JIS', SHIFT_JIS, 'unreadable-file', /Shift_JIS/],
  ['EUC-JP', EUC_JP, 'unreadable-file', /EUC-JP/],
  ['ISO-2022-JP', ISO_2022_JP, 'unreadable-file', /ISO-2022-JP/],
  ['UTF-16 with its mark', wide(`\ufeff${ROWS}`), 'unreadable-file', /UTF-16/],
  ['UTF-16 without one', wide(ROWS), 'unreadable-file', /UTF-16LE/],
  ['UTF-16 whose header begins in Japanese', wide(`宛先,${ROWS}`), 'unreadable-file', /UTF-16LE/],
  [
    'UTF-16 of Japanese',
    wide('email,住所\na@example.jp,丸の内一丁目\u3000一\n'),
    'unreadable-file',
    /UTF-16LE/,
  ],
  ['UTF-16, big end first', wide(ROWS).swap16(), 'unreadable-file', /UTF-16BE/],
  ['UTF-32 with its mark', utf32(`\ufeff${ROWS}`), 'unreadable-file', /UTF-32/],
  ['UTF-32 without one', utf32(ROWS), 'unreadable-file', /UTF-32LE/],
  ['binary', bytes('\x89\x50\x4f\x81\x8d\xff\xfe'), 'unreadable-file', /byte 4 is 0x81/],
  ['binary with zeros', bytes('\x7fELF\x02\x01\x01\x00\x00'), 'unreadable-file', /byte 8 is NUL/],
  ['nothing', '', 'unreadable-file', /the file is empty/],
  ['only a header', 'email,created\n', 'unreadable-file', /no data rows/],
  [
    'without a column email',
    'mail\na@example.jp\n',
    'unreadable-file',
    /row 1, the header, has no column email/,
  ],
  [
    'with two of them',
    'email,x,EMAIL\na,b,c\n',
    'unreadable-file',
    /row 1, the header, has two columns named email/,
  ],
  ['1,000,001 rows', `email\n${'a@example.jp\n'.repeat(1_000_001)}`, 'too-large', /row 1000002 is one more/],
  ['104,857,601 bytes', Buffer.alloc(MOST_BYTES + 1, ROWS), 'too-large', /byte 104857601/],
  [
    'with a quote that is not closed',
    `${ROWS}"c@example.jp\nd@example.jp\n`,
    'unreadable-file',
    /row 4: a quote is opened/,
  ],
  ['with text behind a quote', `${ROWS}"c"@example.jp\n`, 'unreadable-file', /row 4: a quoted field goes on/],
  ['with a NUL', `${ROWS}a\0@example.jp\n`, 'unreadable-file', /byte 44 is NUL/],
  ['compressed', gzipSync(ROWS), 'unreadable-file', /^the file is compressed by gzip: unpack it first$/],
  ...FOREIGN.map(([what, file, detail]) => [what, file, 'unreadable-file', detail] as const),
]

type Api = Awaited<ReturnType<typeof startNativeApi>>

/** One for all tests of a block. To be called in the block itself. */
function sharedNativeApi(): () => Api {
  const life = lifeOfBlock()
  let api: Api
  before(async () => {
    api = await startNativeApi(life)
  })
  return () => api
}

describe('a file that is not as it should be', () => {
  const api = sharedNativeApi()
  for (const [what, file, code, detail] of BAD) {
    for (const query of ['list=blocklist', 'list=auto&sender=news@example.com']) {
      // Where limits are tried the file is big, and the way the same.
      if (query !== 'list=blocklist' && code === 'too-large') continue
      it(`is refused with the row or the byte, and changes nothing: ${what}, ${query}`, async () => {
        const { call, database } = api()
        const answer = await call('POST', `${IMPORTS}?${query}&action=add&name=list.csv`, file, {
          'content-type': 'text/csv',
        })
        assert.equal(answer.body.code, code, answer.text)
        assert.match(answer.body.detail, detail)
        assert.ok([400, 413].includes(answer.status))
        assert.deepEqual((await call('GET', IMPORTS)).body.items, [])
        for (const table of [
          'import',
          'import_part',
          'import_chunk',
          'import_reject',
          'suppression',
          'event',
        ] as const) {
          assert.deepEqual(await database.read(database.query.selectFrom(table).selectAll()), [], table)
        }
      })
    }
  }
})

describe('a file that is no text', () => {
  const api = sharedNativeApi()
  const ways = {
    'a list': `${IMPORTS}?list=blocklist&action=add&name=list.csv`,
    'a list whose encoding is said': `${IMPORTS}?list=blocklist&action=add&name=list.csv&encoding=utf-8`,
    'addresses to be mailed again': `${IMPORTS}?list=sender:news@example.com&action=remove&format=text&name=list.txt`,
    subscribers: '/services/10/subscribers/import',
  }
  for (const [way, path] of Object.entries(ways)) {
    it(`is called by its name where it comes as ${way}`, async () => {
      for (const [what, file, detail] of FOREIGN) {
        const { status, body } = await api().call('POST', path, file, { 'content-type': 'text/csv' })
        assert.deepEqual([status, body.code], [400, 'unreadable-file'], what)
        assert.match(body.detail, detail)
        const isSheet = detail.source.includes('save')
        if (isSheet) assert.match(body.detail, way.includes('again') ? /text in UTF-8/ : /CSV UTF-8$/)
      }
    })
  }

  it('is called a workbook of Excel by its ending too', async () => {
    for (const name of ['list.xlsx', 'LIST.XLS']) {
      const answer = await api().call('POST', `${IMPORTS}?list=blocklist&action=add&name=${name}`, ROWS, {
        'content-type': 'text/csv',
      })
      assert.match(answer.body.detail, /an Excel workbook: save it as CSV UTF-8/)
    }
  })

  it('is called by its encoding where subscribers are in none that is taken', async () => {
    for (const [file, name] of [
      [wide(`\ufeff${ROWS}`), /is UTF-16: save/],
      [wide(ROWS), /is UTF-16LE: save/],
      [ISO_2022_JP, /is ISO-2022-JP: save/],
      [bytes('email,\xbb\xe1\xa5\xe1\xa1\xbc\xa5\xeb\na@example.jp,\xbb\xb3\xc5\xc4\n'), /reads as EUC-JP/],
    ] as const) {
      const { body } = await api().call('POST', ways.subscribers, file, { 'content-type': 'text/csv' })
      assert.match(body.detail, name)
    }
  })
})

/** Real texts: a name and a town, as people write them, in the encodings in which they reach us. */
const TEXTS: readonly (readonly [language: string, label: string, encoded: Buffer])[] = [
  ['Japanese', 'utf-8', Buffer.from('山田 花子,東京都')],
  ['Chinese, simplified', 'utf-8', Buffer.from('王小明,北京市')],
  ['Chinese, traditional', 'utf-8', Buffer.from('陳小美,臺北市')],
  ['French', 'windows-1252', bytes('Ren\xe9e L\x9cuvre,\xcele-de-France')],
  ['German', 'windows-1252', bytes('J\xfcrgen Gro\xdf,K\xf6ln \x84Altstadt\x93')],
  ['Spanish', 'windows-1252', bytes('Mar\xeda Nu\xf1ez,\xbfCu\xe1l? C\xe1diz')],
  ['Portuguese', 'windows-1252', bytes('Jo\xe3o Gon\xe7alves,S\xe3o Paulo')],
  ['Nordic', 'windows-1252', bytes('\xc5sa \xd8stergaard,Troms\xf8 \x96 Norge')],
  ['Italian', 'windows-1252', bytes('Niccol\xf2 D\x92Al\xec,Forl\xec \x80 5')],
  ['French, with apostrophes', 'windows-1252', bytes('L\x92\xe9t\xe9 d\x92Alice,l\x92Aquila')],
  ['English', 'utf-8', Buffer.from('Anna Smith,London')],
]

const LEGACY: readonly (readonly [language: string, encoded: Buffer])[] = [
  ['Japanese in Shift_JIS', bytes('\x8e\x52\x93\x63 \x89\xd4\x8e\x71,\x93\x8c\x8b\x9e\x93\x73')],
  ['Japanese in Shift_JIS, katakana', bytes('\x83\x84\x83\x7d\x83\x5f,\x83\x47\x83\x72\x83\x58')],
  ['Japanese in EUC-JP', bytes('\xbb\xb3\xc5\xc4 \xb2\xd6\xbb\xd2,\xc5\xec\xb5\xfe\xc5\xd4')],
  ['Korean in EUC-KR', bytes('\xb1\xe8\xb9\xce\xbc\xf6,\xbc\xad\xbf\xef')],
  ['Chinese in GBK', bytes('\xcd\xf5\xd0\xa1\xc3\xf7,\xb1\xb1\xbe\xa9\xca\xd0')],
]

describe('a file with names beside the addresses', () => {
  const api = sharedNativeApi()
  for (const [language, label, encoded] of TEXTS) {
    it(`is read in ${label}: ${language}`, async () => {
      const { call } = api()
      const file = Buffer.concat([Buffer.from('email,name,town\na@example.jp,'), encoded, Buffer.from('\n')])
      const answer = await call('POST', `${IMPORTS}?list=blocklist&action=add`, file, {
        'content-type': 'text/csv',
      })
      const { body } = await call('GET', `${IMPORTS}/${answer.body.id}`)
      assert.deepEqual([answer.status, body.encoding, body.rows.read], [202, label, 1], answer.text)
    })
  }

  for (const [language, encoded] of LEGACY) {
    it(`is refused, and read when its encoding is said: ${language}`, async () => {
      const { call } = api()
      const file = Buffer.concat([Buffer.from('email,name,town\na@example.jp,'), encoded, Buffer.from('\n')])
      const send = (query: string) =>
        call('POST', `${IMPORTS}?list=blocklist&action=add${query}`, file, { 'content-type': 'text/csv' })
      const { body } = await send('')
      assert.equal(body.code, 'unreadable-file')
      const named = /Shift_JIS|EUC-JP|GBK|EUC-KR/.exec(language)?.[0] ?? ''
      assert.ok(body.detail.includes(named), body.detail)
      const label = named.toLowerCase()
      assert.equal((await send(`&encoding=${label}`)).status, 202)
    })
  }
})
