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

const BAD: readonly (readonly [what: string, file: Buffer | string, code: string, detail: RegExp])[] = [
  ['Shift_JIS', SHIFT_JIS, 'unreadable-file', /Shift_JIS/],
  ['EUC-JP', EUC_JP, 'unreadable-file', /EUC-JP/],
  ['ISO-2022-JP', ISO_2022_JP, 'unreadable-file', /ISO-2022-JP/],
  ['UTF-16 with its mark', wide(`\ufeff${ROWS}`), 'unreadable-file', /UTF-16/],
  ['UTF-16 without one', wide(ROWS), 'unreadable-file', /UTF-16LE/],
  ['UTF-16 whose header begins in Japanese', wide(`宛先,${ROWS}`), 'unreadable-file', /UTF-16LE/],
  ['UTF-16, big end first', wide(ROWS).swap16(), 'unreadable-file', /UTF-16BE/],
  ['UTF-32 with its mark', utf32(`\ufeff${ROWS}`), 'unreadable-file', /UTF-32/],
  ['UTF-32 without one', utf32(ROWS), 'unreadable-file', /UTF-32LE/],
  ['binary', bytes('\x89PNG\r\n\x1a\n\x81\x8d\xff\xfe'), 'unreadable-file', /byte 9 is 0x81/],
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
    /row 1, the header, has two columns email/,
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
  ['a ZIP renamed to .csv', bytes('PK\x03\x04\x14\x00\x00\x00'), 'unreadable-file', /ZIP archive/],
  ['compressed', gzipSync(ROWS), 'unreadable-file', /gzip/],
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
      assert.equal((await send('')).body.code, 'unreadable-file')
      const label = language.includes('Shift_JIS') ? 'shift_jis' : language.includes('GBK') ? 'gbk' : 'euc-jp'
      assert.equal((await send(`&encoding=${label}`)).status, 202)
    })
  }
})
