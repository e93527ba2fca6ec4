import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRejects } from '../../../src/imports/read-rejects.ts'
import { describeReject, REJECT_CODES } from '../../../src/imports/reading/reject-reasons.ts'
import { forEachEngine } from '../../support/engines.ts'

const JAPANESE = /[ぁ-んァ-ヶ一-龠]/

describe('the reason for which a row is skipped', () => {
  it('has words of its own in both languages, with what was found', () => {
    for (const language of ['en', 'ja'] as const) {
      const told = REJECT_CODES.map((code) => describeReject([code, '«column»', '«value»'], language))
      assert.equal(new Set(told).size, told.length)
      for (const [index, words] of told.entries()) {
        if (REJECT_CODES[index] === 'other') continue
        assert.equal(JAPANESE.test(words), language === 'ja', words)
      }
    }
    const [en, ja] = (['en', 'ja'] as const).map((language) =>
      describeReject(['stops-nothing', 'type', 'sent'], language),
    )
    assert.deepEqual(
      [en, ja],
      ['type is sent, which stops nothing', 'type が「sent」の行は配信停止の対象ではありません'],
    )
    assert.equal(describeReject(['stops-nothing', 'type', ''], 'en'), 'type is empty, which stops nothing')
  })
})

forEachEngine((engine) => {
  it('a reason that an earlier release has written stays in its words', async (t) => {
    const database = await engine.open(t)
    const row = { import_id: 1, row_number: 2, text: 'x', reason: 'state is odd', found_json: null }
    await database.transact([database.query.insertInto('import_reject').values(row)])
    const { value: [reject] = [] } = await readRejects(database, 1).next()
    assert.deepEqual(reject?.reason, ['other', 'state is odd'])
    assert.equal(describeReject(reject.reason, 'ja'), 'state is odd')
  })
})
