import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dueUntil } from '../../src/tenants/cancel-mode.ts'

const at = (text: string) => Date.parse(text)
const due = (mode: string, timeZone: string, now: string) =>
  new Date(dueUntil(mode, timeZone, at(now))).toISOString()

describe('the moment until which cancellations are due', () => {
  it('is now where they are immediate', () => {
    assert.equal(due('immediate', 'Asia/Tokyo', '2026-10-01T03:00:00.123Z'), '2026-10-01T03:00:00.123Z')
  })

  it('is when the hour last came in the zone, today or yesterday', () => {
    assert.equal(due('daily 03:30', 'Asia/Tokyo', '2026-10-01T03:00:00Z'), '2026-09-30T18:30:00.000Z')
    assert.equal(due('daily 00:00', 'Asia/Tokyo', '2026-09-30T15:00:00Z'), '2026-09-30T15:00:00.000Z')
    assert.equal(due('daily 00:00', 'Asia/Tokyo', '2026-09-30T14:59:59.999Z'), '2026-09-29T15:00:00.000Z')
    assert.equal(due('daily 23:59', 'America/New_York', '2026-10-01T03:58:00Z'), '2026-09-30T03:59:00.000Z')
  })

  it('comes as much later on a day whose clocks skip the hour', () => {
    // Berlin goes from 02:00 to 03:00 on 2026-03-29: 02:30 is 03:30 of that day, 01:30 UTC.
    assert.equal(due('daily 02:30', 'Europe/Berlin', '2026-03-29T01:29:00Z'), '2026-03-28T01:30:00.000Z')
    assert.equal(due('daily 02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'), '2026-03-29T01:30:00.000Z')
  })

  it('comes once on a day whose clocks repeat the hour, the first time', () => {
    // Berlin goes back from 03:00 to 02:00 on 2026-10-25: the first 02:30 is 00:30 UTC, the second 01:30 UTC.
    assert.equal(due('daily 02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'), '2026-10-25T00:30:00.000Z')
    assert.equal(due('daily 02:30', 'Europe/Berlin', '2026-10-25T01:45:00Z'), '2026-10-25T00:30:00.000Z')
    assert.equal(due('daily 02:30', 'Europe/Berlin', '2026-10-26T01:29:00Z'), '2026-10-25T00:30:00.000Z')
  })
})
