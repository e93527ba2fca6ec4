import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type IdSource, idSource } from '../../src/storage/id-block.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  it('counts from 1, without gaps while a process lives', async (t) => {
    const ids = idSource(await engine.open(t), 'message')
    assert.deepEqual(await ids.take(3), [1, 2, 3])
    assert.deepEqual(await ids.take(0), [])
    assert.deepEqual(await ids.take(2), [4, 5])
  })

  it('never hands one id out twice, whoever asks, whatever the count', async (t) => {
    const database = await engine.open(t)
    // Each stands for a process: it has no memory in common with the others.
    const sources = Array.from({ length: 4 }, () => idSource(database, 'message'))
    const counts = [1, 999, 1, 400, 2_500, 0, 7, 1_000]
    const taken = await Promise.all(sources.flatMap((ids) => counts.map((count) => ids.take(count))))
    assert.deepEqual(
      taken.map((block) => block.length),
      sources.flatMap(() => counts),
    )
    const all = taken.flat()
    assert.equal(new Set(all).size, all.length)
    assert.ok(all.every((id) => Number.isSafeInteger(id) && id >= 1))
    for (const block of taken)
      assert.deepEqual(
        block,
        block.toSorted((a, b) => a - b),
      )
  })

  it('numbers imports in the order in which they come, whichever process takes them', async (t) => {
    const database = await engine.open(t)
    const [one, other] = [idSource(database, 'import'), idSource(database, 'import')]
    const taken: number[] = []
    for (const ids of [one, other, other, one, other, one]) taken.push(...(await ids.take(1)))
    assert.deepEqual(taken, [1, 2, 3, 4, 5, 6])
  })

  it('counts each kind of id for itself', async (t) => {
    const database = await engine.open(t)
    assert.deepEqual(await idSource(database, 'message').take(1), [1])
    assert.deepEqual(await idSource(database, 'delivery').take(1), [1])
  })

  it('never goes back after a restart', async (t) => {
    const database = await engine.open(t)
    const before = await idSource(database, 'list').take(5)
    const [after] = await idSource(database, 'list').take(1)
    assert.ok((after ?? 0) > Math.max(...before))
  })

  it('works on after a refill that failed', async (t) => {
    const database = await engine.open(t)
    let away = true
    const unsteady = {
      ...database,
      transact: ((statements) =>
        away ? Promise.reject(new Error('away')) : database.transact(statements)) as typeof database.transact,
    }
    const ids: IdSource = idSource(unsteady, 'audit')
    await assert.rejects(ids.take(1), /away/)
    away = false
    assert.deepEqual(await ids.take(2), [1, 2])
  })
})
