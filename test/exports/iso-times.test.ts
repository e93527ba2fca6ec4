import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTimes } from '../../src/exports/iso-times.ts'

const HOUR_MS = 3_600_000

for (const zone of [
  'Asia/Tokyo',
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  '+09:00',
]) {
  test(`times of ${zone} are those of the calendar, across every change of its offset, in any order`, () => {
    const start = Date.parse('2025-12-31T22:59:59.999Z')
    const times = Array.from({ length: 2 * 366 * 4 }, (_, index) => start + index * 3 * HOUR_MS)
    const iso = isoTimes(zone)
    for (const time of [...times, ...times.toReversed()]) assert.equal(iso(time), isoTime(time, zone))
  })
}

/** By the calendar, one at a time. */
function isoTime(time: number, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone)
  return zoned.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

test('the moment of a change has the new offset, the one before it the old', () => {
  const change = Date.parse('2026-03-08T07:00:00Z')
  const iso = isoTimes('America/New_York')
  assert.equal(iso(change - 1), '2026-03-08T01:59:59-05:00')
  assert.equal(iso(change), '2026-03-08T03:00:00-04:00')
})
