import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startTransfer, watched } from '../../../src/entry/cli/transfer.ts'

describe('a file on its way', () => {
  it('shows rows, size and speed where nobody knows how much there is', () => {
    assert.match(
      startTransfer({ lines: true })({ bytes: 2_500_000, rows: 120_000 }),
      /^120000 rows, 2\.5 MB, \d+ rows a second, \d+\.\d MB\/s$/,
    )
  })

  it('shows how much of it is over, and no rows where they are no lines', () => {
    assert.match(
      startTransfer({ size: 5_000_000 })({ bytes: 2_500_000, rows: 0 }),
      /^2\.5 MB, \[#{15} {15}\] 50 %, \d+ s left, \d+\.\d MB\/s$/,
    )
  })

  it('is passed on as it is', async () => {
    const parts = ['a\nb', '\n', '', 'c'].map((text) => Buffer.from(text))
    async function* from() {
      yield* parts
    }
    const { content, end } = watched(from(), { lines: true })
    const passed: Buffer[] = []
    for await (const part of content) passed.push(part)
    assert.deepEqual(passed, parts)
    end()
  })
})
