import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseWeightedList } from '../../src/kernel/weighted-list.ts'
import { fc } from '../support/properties.ts'

describe('a list with quality values', () => {
  it('is read in order, in lower case, other parameters ignored', () => {
    assert.deepEqual(parseWeightedList('Text/HTML;level=1 ; Q=0.25,*/*; q=0'), [
      { name: 'text/html', quality: 0.25 },
      { name: '*/*', quality: 0 },
    ])
  })

  it('weighs 1 where no readable weight stands, and never more', () => {
    assert.deepEqual(
      parseWeightedList('a, b;q=high, c;q=-1, d;q=1.9').map(({ quality }) => quality),
      [1, 1, 1, 1],
    )
  })

  it('never fails and always weighs between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aq=;,.01 *'), maxLength: 40 }), (header) => {
        for (const { quality } of parseWeightedList(header)) assert.ok(quality >= 0 && quality <= 1)
      }),
    )
  })
})
