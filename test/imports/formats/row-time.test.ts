import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rowTimes } from '../../../src/imports/formats/row-time.ts'

const tokyo = rowTimes('Asia/Tokyo')
const MOMENT = '2026-11-21T00:30:05.000Z'

describe('the time of a row', () => {
  for (const text of [
    '2026-11-21T09:30:05+09:00',
    '2026-11-21T00:30:05Z',
    '2026-11-21 00:30:05 UTC',
    '2026-11-21 00:30:05.000 UTC',
    '2026-11-20T16:30:05-0800',
    '2026-11-20 16:30:05-08',
    '2026-11-21 09:30:05',
    '2026/11/21 9:30:05',
    'Sat, 21 Nov 2026 00:30:05 GMT',
    'Sat, 21 Nov 2026 09:30:05 +0900',
    '21 Nov 2026 00:30:05 UTC',
    '1795221005',
    '1795221005.0',
    '1795221005000',
  ]) {
    it(`is read from ${text}`, () => {
      assert.equal(new Date(tokyo(text) ?? 0).toISOString(), MOMENT)
    })
  }

  it('is midnight in the zone where there is a day alone, and has no seconds where none are given', () => {
    assert.equal(new Date(tokyo('2026-11-21') ?? 0).toISOString(), '2026-11-20T15:00:00.000Z')
    assert.equal(new Date(tokyo('2021/05/01 16:34') ?? 0).toISOString(), '2021-05-01T07:34:00.000Z')
  })

  it('follows the clocks of the zone', () => {
    const berlin = rowTimes('Europe/Berlin')
    assert.equal(new Date(berlin('2026-07-01 12:00:00') ?? 0).toISOString(), '2026-07-01T10:00:00.000Z')
    assert.equal(new Date(berlin('2026-12-01 12:00:00') ?? 0).toISOString(), '2026-12-01T11:00:00.000Z')
  })

  for (const text of [
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21 25:00:00',
    '21/11/2026',
    'Mon, 01 Jan 0001 00:00:00 UTC',
    '0001-01-01T00:00:00Z',
    '0070-01-01 00:00:00',
    '5',
  ]) {
    it(`is not read from ${JSON.stringify(text)}`, () => {
      assert.equal(tokyo(text), undefined)
    })
  }
})
