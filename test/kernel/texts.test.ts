import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Language, pickLanguage } from '../../src/kernel/texts.ts'

describe('the language of an answer', () => {
  const cases: Array<[header: string | undefined, language: Language]> = [
    [undefined, 'en'],
    ['', 'en'],
    ['ja', 'ja'],
    ['JA-jp', 'ja'],
    ['ja,en-US;q=0.9,en;q=0.8', 'ja'],
    ['en-US,en;q=0.9,ja;q=0.8', 'en'],
    ['en;q=0.5, ja;q=0.6', 'ja'],
    ['en, ja', 'en'],
    ['ja, en', 'ja'],
    ['fr, de;q=0.9', 'en'],
    ['fr, ja;q=0.1', 'ja'],
    ['ja;q=0', 'en'],
    ['ja-JP;q=0.3, ja;q=0.9, en;q=0.5', 'ja'],
    ['*', 'en'],
    ['*, ja;q=0.5', 'en'],
    ['ja, *', 'ja'],
    ['en;q=0, *', 'ja'],
    ['jam', 'en'],
    ['ja; q = 0.1, en', 'ja'],
    [';;,,=;q=', 'en'],
  ]
  for (const [header, language] of cases) {
    it(`is ${language} for ${header === undefined ? 'no header' : JSON.stringify(header)}`, () => {
      assert.equal(pickLanguage(header), language)
    })
  }

  it('is another one for readers who ask for neither, where that is known better', () => {
    for (const [header, language] of [
      [undefined, 'ja'],
      ['fr, de;q=0.9', 'ja'],
      ['*', 'ja'],
      ['en', 'en'],
      ['fr, en;q=0.1', 'en'],
      ['ja, en', 'ja'],
      ['en, ja', 'en'],
    ] as const) {
      assert.equal(pickLanguage(header, 'ja'), language, String(header))
    }
  })
})
