import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dayIn, daysBefore } from '../../console/src/parts/day.ts'
import { typedAddress } from '../../console/src/parts/typed-address.ts'

describe('an address that somebody typed', () => {
  it('is without the blanks around it, and of the width that mail knows', () => {
    assert.equal(typedAddress('\u3000ｔａｒｏ＋１＠Ｅｘａｍｐｌｅ．ｊｐ\n'), 'taro+1@Example.jp')
    assert.equal(typedAddress('太郎@例え.jp'), '太郎@例え.jp')
  })
})

describe('the days of a period', () => {
  it('are those of the calendar, on the days on which clocks change too', () => {
    // Half past midnight: six times 24 hours earlier it was the evening of the 28th, since an hour was skipped on the 29th.
    const today = dayIn('Europe/Berlin', new Date('2026-04-03T22:30:00Z'))
    assert.deepEqual([today, daysBefore(today, 6)], ['2026-04-04', '2026-03-29'])
    assert.equal(dayIn('Asia/Tokyo', new Date('2026-04-03T14:59:00Z')), '2026-04-03')
    assert.equal(daysBefore('2024-03-01', 1), '2024-02-29')
  })
})
