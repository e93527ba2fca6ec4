import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BatcherOptions, createBatcher } from '../../src/kernel/batcher.ts'

class Away extends Error {}

describe('the batcher', () => {
  it('answers each item with its own result', async () => {
    const { batcher } = observed()
    const results = await Promise.all([1, 2, 3].map((item) => batcher.add(item)))
    assert.deepEqual(results, [10, 20, 30])
  })

  it('carries what is added in one turn together', async () => {
    const { batcher, batches } = observed()
    await Promise.all([1, 2, 3].map((item) => batcher.add(item)))
    assert.deepEqual(batches, [[1, 2, 3]])
  })

  it('collects what comes while a batch is under way, and never runs two at once', async () => {
    const { batcher, batches, gate } = observed()
    const open = gate()
    const all = [batcher.add(1)]
    await nextTurn()
    for (let item = 2; item <= 5; item++) {
      all.push(batcher.add(item))
      await nextTurn()
    }
    assert.deepEqual(batches, [[1]])
    assert.equal(batcher.depth, 5)
    open()
    assert.deepEqual(await Promise.all(all), [10, 20, 30, 40, 50])
    assert.deepEqual(batches, [[1], [2, 3, 4, 5]])
    assert.equal(batcher.depth, 0)
  })

  it('cuts what waits into batches of the largest size, in the order in which it came', async () => {
    const { batcher, batches } = observed({ mostItems: 3 })
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item)))
    assert.deepEqual(batches, [[1, 2, 3], [4, 5, 6], [7]])
  })

  it('repeats a failed batch item by item, in order, and fails the bad one alone', async () => {
    const { batcher, batches } = observed({ bad: [2] })
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)))
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message)),
      [10, 'bad 2', 30],
    )
    assert.deepEqual(batches, [[1, 2, 3], [1], [2], [3]])
  })

  it('does not repeat a failure that all share', async () => {
    const { batcher, batches } = observed({ away: [2] })
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)))
    for (const outcome of outcomes) assert.ok(outcome.status === 'rejected' && outcome.reason instanceof Away)
    assert.deepEqual(batches, [[1, 2, 3]])
  })

  it('works on after failures', async () => {
    const { batcher } = observed({ bad: [1], away: [2] })
    await assert.rejects(batcher.add(1), /bad 1/)
    await assert.rejects(batcher.add(2), Away)
    assert.equal(await batcher.add(3), 30)
  })

  it('takes what is added when a batch ends', async () => {
    const { batcher } = observed()
    const chained: Promise<number>[] = []
    await batcher.add(1).then(() => chained.push(batcher.add(2)))
    await batcher.idle().then(() => chained.push(batcher.add(3)))
    assert.deepEqual(await Promise.all(chained), [20, 30])
  })

  it('is idle at once when nothing waits, otherwise when the last item is done', async () => {
    const { batcher, gate } = observed({ mostItems: 1 })
    await batcher.idle()
    const open = gate()
    let done = 0
    const all = [1, 2, 3].map((item) => batcher.add(item).then(() => done++))
    await nextTurn()
    const idle = batcher.idle().then(() => done)
    open()
    assert.equal(await idle, 3)
    await Promise.all(all)
  })
})

/** Multiplies by ten, keeping a record of the batches; `gate` holds the next one back until it is opened. */
function observed({
  mostItems = 100,
  bad = [],
  away = [],
}: {
  mostItems?: number
  bad?: number[]
  away?: number[]
} = {}) {
  const batches: number[][] = []
  let held: Promise<void> = Promise.resolve()
  const options: BatcherOptions<number, number> = {
    mostItems,
    isShared: (error) => error instanceof Away,
    run: async (items) => {
      batches.push(items)
      await held
      if (items.some((item) => away.includes(item))) throw new Away()
      for (const item of items) if (bad.includes(item)) throw new Error(`bad ${item}`)
      return items.map((item) => item * 10)
    },
  }
  const gate = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return resolve
  }
  return { batcher: createBatcher(options), batches, gate }
}
