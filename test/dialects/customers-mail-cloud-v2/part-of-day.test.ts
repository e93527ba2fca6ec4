import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodePartOfDay } from '../../../src/dialects/customers-mail-cloud-v2/decode.ts'
import { boundsOfDay } from '../../../src/kernel/calendar.ts'

describe('an hour of a day', () => {
  const days = [
    ['Asia/Tokyo', '2026-10-01'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['Africa/Cairo', '2026-04-24'],
    ['Asia/Kathmandu', '2026-10-01'],
  ] as const
  for (const [zone, day] of days) {
    it(`begins where the one before ends, on ${day} in ${zone}`, () => {
      const { from, to } = boundsOfDay(day, zone)
      let end = from
      for (let hour = 0; hour < 24; hour++) {
        const part = decodePartOfDay({ hour }, day, zone)
        assert.equal(part.from, end)
        end = part.to ?? 0
      }
      assert.equal(end, to)
    })
  }

  it('counts twice as long where the clock shows it twice, and has nothing where it is left out', () => {
    const length = (day: string, params: object) => {
      const { from = 0, to = 0 } = decodePartOfDay({ ...params }, day, 'America/New_York')
      return (to - from) / 60_000
    }
    assert.equal(length('2026-11-01', { hour: 1 }), 120)
    assert.equal(length('2026-03-08', { hour: 2 }), 0)
    assert.equal(length('2026-03-08', { hour: 2, minute: 30 }), 0)
    assert.equal(length('2026-03-08', { hour: 3, minute: 30 }), 1)
  })
})
