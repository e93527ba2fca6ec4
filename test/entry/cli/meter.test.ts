import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { meterLine, startMeter } from '../../../src/entry/cli/meter.ts'

describe('the meter of long work', () => {
  it('shows a bar, speed and what is left', () => {
    assert.equal(
      meterLine({ part: 0.5, rowsPerSecond: 120_000, secondsLeft: 4 }),
      `[${'#'.repeat(15)}${' '.repeat(15)}] 50 %, 120000 rows a second, 4 s left`,
    )
  })

  it('leaves out what nobody knows', () => {
    assert.equal(meterLine({ part: undefined, rowsPerSecond: 7, secondsLeft: null }), '7 rows a second')
  })

  it('measures by bytes, and never more than the whole', () => {
    const measure = startMeter(1_000)
    assert.equal(measure({ rows: 10, bytes: 250 }).part, 0.25)
    assert.equal(measure({ rows: 50, bytes: 1_200 }).part, 1)
    assert.equal(measure({ rows: 50, bytes: 1_200 }).secondsLeft, 0)
    assert.equal(startMeter(undefined)({ rows: 10, bytes: 250 }).secondsLeft, null)
  })
})
