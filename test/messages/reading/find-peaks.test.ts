import assert from 'node:assert/strict'
import { it } from 'node:test'
import { findPeaks } from '../../../src/messages/reading/find-peaks.ts'
import type { DayTotal } from '../../../src/messages/reading/read-counts.ts'

const DAYS = Array.from({ length: 31 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`)

function total(day: string, counts: Partial<DayTotal>): DayTotal {
  const mailed = { accepted: 0, excluded: 0, sent: 0, kept: 0, failed: 0, cancelled: 0 }
  return { day, ...mailed, bounced: 0, returned: 0, blamed: 0, complained: 0, ...counts }
}

it('tells what of the last two days is three times what is usual, and twenty at least', () => {
  const usual = DAYS.slice(0, 29).map((day) => total(day, { returned: 10, failed: 1 }))
  const latest = [total('2026-10-30', { returned: 30, failed: 19 }), total('2026-10-31', { complained: 20 })]
  assert.deepEqual(findPeaks([...usual, ...latest], DAYS), [
    { day: '2026-10-30', outcome: 'returned', count: 30, usual: 10 },
    { day: '2026-10-31', outcome: 'complained', count: 20, usual: 0 },
  ])
})

it('takes days on which nothing happened for what they are, and no earlier day for news', () => {
  const totals = [total('2026-10-10', { blamed: 290 }), total('2026-10-31', { blamed: 29 })]
  assert.deepEqual(findPeaks(totals, DAYS), [])
  assert.deepEqual(findPeaks([], DAYS), [])
})
