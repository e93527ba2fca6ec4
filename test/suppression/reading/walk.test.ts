import assert from 'node:assert/strict'
import { test } from 'node:test'
import { walk } from '../../../src/suppression/reading/walk.ts'

test('the next page is asked for before the one at hand is used, which may keep this process busy', async () => {
  let asked = 0
  const pages = walk<number>({
    keyAfter: async () => undefined,
    read: async ({ after: [after] = [0] }, most) => {
      // A driver takes a connection first, and gets it in its turn.
      await new Promise((resolve) => process.nextTick(resolve))
      asked += 1
      return Array.from({ length: Math.min(most, 2_500 - Number(after)) }, (_, n) => Number(after) + n + 1)
    },
    keyOf: (row) => [row],
  })
  const seen: { rows: number; asked: number }[] = []
  for await (const { length } of pages) seen.push({ rows: length, asked })
  assert.deepEqual(seen, [
    { rows: 1_000, asked: 2 },
    { rows: 1_000, asked: 3 },
    { rows: 500, asked: 3 },
  ])
})
