import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CODE_TEXTS } from '../../console/src/refusals/code-texts.ts'
import { describeMistake } from '../../console/src/refusals/describe-refusal.ts'
import { FIELD_NAMES, nameOfField } from '../../console/src/refusals/field-names.ts'
import { PROBLEMS } from '../../src/dialects/native/errors.ts'
import { TOO_LARGE, UNREADABLE } from '../../src/imports/reading/unreadable.ts'
import { DOMAIN_ERROR_CODES, DomainError } from '../../src/kernel/domain-error.ts'
import { mistakesOf, readInput } from '../../src/kernel/mistakes.ts'
import { filterRequest } from '../../src/tenants/filter-rules.ts'
import { pageFields } from '../../src/tenants/page-rules.ts'
import { exportPassword, serviceFields, timeZone } from '../../src/tenants/service-rules.ts'

/** A file of each kind that is refused, complete: a reason without one does not compile. */
const BAD_FILES: Found<typeof UNREADABLE> = {
  empty: [[]],
  noRows: [[]],
  foreign: ['a PDF', 'a PNG image', 'a JPEG image', 'an Office document'].map((what) => ['csv', what]),
  workbook: ['an Excel workbook', 'an OpenDocument spreadsheet', 'an HTML page', 'XML', 'JSON'].map(
    (what) => ['csv', what],
  ),
  packed: [['a ZIP archive'], ['a 7z archive'], ['a RAR archive'], ['compressed by gzip']],
  otherEncoding: [['ISO-2022-JP'], ['UTF-16LE']],
  japanese: [['Shift_JIS'], ['EUC-JP']],
  notEncoded: [['UTF-8', 14]],
  notJapanese: [[14]],
  notWestern: [[9, '81']],
  nulByte: [[9]],
  nulBehindRow: [[12]],
  nul: [[]],
  endless: [[3, 1_048_576]],
  openQuote: [[4]],
  brokenQuote: [[4]],
  noEmailColumn: [[1]],
  unknownHeader: [[1]],
  unknownExport: [[1]],
  twoEmailColumns: [[1, 2, 4]],
  twoAddressColumns: [[1]],
  twoColumns: [[1, 'X']],
  badHeader: [[1, 'attributes must be at most 50']],
  manyRejects: [[10_000, 10_002]],
}
const MOST = 104_857_600
const LARGE_FILES: Found<typeof TOO_LARGE> = {
  bytes: [[MOST]],
  atRow: [[1_000_002, 1_000_000]],
  lists: [[1_200, 1_000]],
}
/** UTF-16LE is not told from UTF-16 by what to do, and no column email is one thing to who edits a list. */
const SAID_ALIKE = 2
const NAMES =
  /email|Excel|OpenDocument|Word|PowerPoint|Office|HTML|XML|CSV UTF-8|\.csv|\.txt|gzip|Shift_JIS|Windows-1252/g

const JAPANESE = /[ぁ-んァ-ヶ一-龠]/

type Sentences = Readonly<Record<string, (...found: never[]) => string>>
type Found<S extends Sentences> = { readonly [R in keyof S]: readonly Parameters<S[R]>[] }

function sentencesOf<S extends Sentences>(sentences: S, found: Found<S>) {
  return Object.keys(sentences).flatMap((reason) =>
    (found[reason] ?? []).map((values) => ({
      sentence: (sentences[reason] as (...values: unknown[]) => string)(...values),
      found: values as readonly unknown[],
    })),
  )
}

describe('a refusal in the console', () => {
  it('has words in both languages for every code that the native interface answers, and for no other', () => {
    const codes = Object.keys(PROBLEMS).sort()
    assert.deepEqual(codes, [...DOMAIN_ERROR_CODES].sort())
    for (const language of ['ja', 'en'] as const) {
      assert.deepEqual(Object.keys(CODE_TEXTS[language]).sort(), codes)
      for (const [code, text] of Object.entries(CODE_TEXTS[language])) {
        assert.ok(text.length > 5, code)
        assert.equal(JAPANESE.test(text), language === 'ja', code)
      }
      const texts = Object.values(CODE_TEXTS[language])
      assert.equal(new Set(texts).size, texts.length, 'two codes say the same')
    }
  })

  it('tells in Japanese which rule every field of the settings and filters holds to', () => {
    const told = (schema: Parameters<typeof readInput>[0], input: unknown) => {
      try {
        readInput(schema, input)
      } catch (error) {
        assert.ok(error instanceof DomainError)
        return mistakesOf(error).map(({ code, field, message }) => ({ code, field, detail: message }))
      }
      return assert.fail(`nothing is refused of ${JSON.stringify(input)}`)
    }
    const { settings, lifetimeDays, timeZone: zone } = serviceFields
    const mistakes = [
      ...told(settings, { mailDays: 0, softBounceThreshold: 100, softBounceDays: '', messageDays: 29 }),
      ...told(settings, { mailsPerSecond: 0, mailsPerDay: 2_000_000_000, cancelMode: 'daily 25:00' }),
      ...told(settings, { blankMail: 'never', exportEncryption: 'none', inboundDays: 1.5 }),
      ...told(settings, { evidenceDays: 40_000, domainRates: { localhost: 1 }, connections: 1_000 }),
      ...told(lifetimeDays, { sender: 0, filter: '', complaints: 99_999 }),
      ...told(zone, 'Asia/Atlantis'),
      ...told(timeZone, 3),
      ...told(exportPassword, 'short'),
      ...told(exportPassword, 'x'.repeat(101)),
      ...told(exportPassword, 'パスワードをここに'),
      ...told(pageFields, { name: '', accent: 'red', privacyUrl: 'http://x.example', language: 'de' }),
      ...told(pageFields, { name: 'x'.repeat(101), texts: { ja: { ask: ' ', footer: 'x'.repeat(501) } } }),
      ...told(pageFields, {
        texts: { ja: { ask: 'a\0' } },
        privacyUrl: `https://x.example/${'x'.repeat(1_000)}`,
      }),
      ...told(filterRequest, { name: '', header: 'List Id', pattern: '(', match: 'regex' }),
      ...told(filterRequest, { name: 'A (archived)', header: 'X', pattern: ' a', match: 'glob' }),
    ]
    assert.ok(mistakes.length > 30)
    for (const mistake of mistakes) {
      const japanese = describeMistake(mistake, 'ja')
      assert.ok(
        JAPANESE.test(japanese) &&
          !/詳細|[a-z]{4}/.test(
            japanese.replace(/https|PNG|JPEG|WebP|rrggbb|archived|example\.com|Asia\/Tokyo/g, ''),
          ),
        `${mistake.field}: ${mistake.detail}: ${japanese}`,
      )
      assert.ok(!JAPANESE.test(describeMistake(mistake, 'en')), mistake.detail)
    }
  })

  it('tells in Japanese everything that can be wrong with a file, with the row or the byte, and nothing in English', () => {
    for (const [code, told] of [
      ['unreadable-file', sentencesOf(UNREADABLE, BAD_FILES)],
      ['too-large', sentencesOf(TOO_LARGE, LARGE_FILES)],
    ] as const) {
      const said = told.map(({ sentence, found }) => {
        const japanese = describeMistake({ code, detail: sentence }, 'ja')
        assert.doesNotMatch(japanese.replace(NAMES, ''), /詳細|[a-z]{3}|undefined|NaN/, sentence)
        assert.match(japanese, /ください|までです/)
        for (const number of found.filter((value) => typeof value === 'number' && value !== MOST)) {
          assert.ok(japanese.replaceAll(',', '').includes(String(number)), `${number}: ${japanese}`)
        }
        const english = describeMistake({ code, detail: sentence }, 'en')
        assert.ok(!JAPANESE.test(english) && !english.includes('name its encoding'), english)
        return japanese
      })
      assert.ok(new Set(said).size >= said.length - SAID_ALIKE, code)
    }
  })

  it('tells in Japanese of uploads that break off or are more than a request may hold', () => {
    const cut = { code: 'malformed-body', detail: 'the body was cut off after byte 4096 of 9000' }
    assert.match(describeMistake(cut, 'ja'), /4,096 バイト\)で切れました/)
    const much = { code: 'too-large', detail: 'send less in one request' }
    assert.match(describeMistake(much, 'ja'), /減らしてください。$/)
  })

  it('does not speak of CSV where the file is one of plain text', () => {
    for (const detail of [
      UNREADABLE.foreign('text', 'an Office document'),
      UNREADABLE.workbook('text', 'an Excel workbook'),
    ]) {
      const told = describeMistake({ code: 'unreadable-file', detail }, 'ja')
      assert.match(told, /(Excel|Office).*テキスト/)
      assert.doesNotMatch(`${told}${describeMistake({ code: 'unreadable-file', detail }, 'en')}`, /CSV/)
    }
  })

  it('keeps the words of the server where it has none of its own for a rule', () => {
    const mistake = { code: 'wrong-state', detail: 'import 7 is done' } as const
    assert.match(describeMistake(mistake, 'ja'), /^現在の状態では.*\(詳細: import 7 is done\)$/)
    assert.match(describeMistake(mistake, 'en'), /^This cannot be done .* Import 7 is done\.$/)
    const forbidden = { code: 'forbidden', detail: 'x lacks the permission edit' } as const
    assert.equal(describeMistake(forbidden, 'ja'), CODE_TEXTS.ja.forbidden)
  })

  it('calls fields by their names, and by their place in a list', () => {
    assert.equal(nameOfField('settings.softBounceDays', 'ja'), 'エラーを数える期間(日)')
    assert.equal(nameOfField('recipients[2].address', 'ja'), 'メールアドレス(3 件目)')
    assert.equal(nameOfField('recipients[2].address', 'en'), 'Address (number 3)')
    assert.equal(nameOfField('someNewField', 'ja'), 'someNewField')
    for (const names of Object.values(FIELD_NAMES)) assert.ok(names.ja && names.en)
  })
})
