import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CODE_TEXTS } from '../../console/src/refusals/code-texts.ts'
import { describeMistake } from '../../console/src/refusals/describe-refusal.ts'
import { FIELD_NAMES, nameOfField } from '../../console/src/refusals/field-names.ts'
import { PROBLEMS } from '../../src/dialects/native/errors.ts'
import { DOMAIN_ERROR_CODES, DomainError } from '../../src/kernel/domain-error.ts'
import { mistakesOf, readInput } from '../../src/kernel/mistakes.ts'
import { filterRequest } from '../../src/tenants/filter-rules.ts'
import { pageFields } from '../../src/tenants/page-rules.ts'
import { exportPassword, serviceFields, timeZone } from '../../src/tenants/service-rules.ts'

const JAPANESE = /[ぁ-んァ-ヶ一-龠]/

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
