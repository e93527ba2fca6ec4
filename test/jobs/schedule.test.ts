import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startSchedule } from '../../src/jobs/schedule.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  it('runs a task in one of two processes, and in the other once the first is gone', async (t) => {
    const database = await engine.open(t)
    const runs: string[] = []
    const start = (name: string) =>
      startSchedule(
        { database, clock: Date.now, onError: (error) => runs.push(String(error)) },
        { name: 'tidy', everyMs: 250, run: async () => void runs.push(name) },
      )
    const first = start('first')
    while (runs.length === 0) await sleep(10)
    const second = start('second')
    const until = runs.length + 3
    while (runs.length < until) await sleep(10)
    assert.deepEqual(new Set(runs), new Set(['first']))

    await first.stop()
    while (!runs.includes('second')) await sleep(10)
    await second.stop()
    const ended = runs.length
    await sleep(600)
    assert.equal(runs.length, ended)
  })

  it('runs first as early as it is told, then once a period, and in the next process as early', async (t) => {
    const database = await engine.open(t)
    let runs = 0
    const start = () =>
      startSchedule(
        { database, clock: Date.now, onError: () => {} },
        { name: 'tidy', everyMs: 3_600_000, firstAfterMs: 20, run: async () => void runs++ },
      )
    for (const expected of [1, 2]) {
      const schedule = start()
      while (runs < expected) await sleep(10)
      await sleep(100)
      await schedule.stop()
      assert.equal(runs, expected)
    }
  })

  it('tells a run that is under way when it is to stop, and waits for it', async (t) => {
    const database = await engine.open(t)
    let running = false
    const schedule = startSchedule(
      { database, clock: Date.now, onError: () => {} },
      {
        name: 'long',
        everyMs: 50,
        run: async (_now, signal) => {
          running = true
          while (!signal.aborted) await sleep(10)
          running = false
        },
      },
    )
    while (!running) await sleep(10)
    await schedule.stop()
    assert.equal(running, false)
  })

  it('leaves out the turns that are due while a run is under way', async (t) => {
    const database = await engine.open(t)
    const end = Promise.withResolvers<void>()
    let runs = 0
    const schedule = startSchedule(
      { database, clock: Date.now, onError: () => {} },
      {
        name: 'late',
        everyMs: 20,
        run: async () => {
          runs++
          await end.promise
        },
      },
    )
    while (runs === 0) await sleep(10)
    await sleep(300)
    end.resolve()
    await schedule.stop()
    assert.equal(runs, 1)
  })
})
