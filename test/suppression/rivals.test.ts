import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import type { Tables } from '../../src/storage/tables.ts'
import type { SuppressionChange } from '../../src/suppression/changing/change.ts'
import { createRecorder, type Recorder } from '../../src/suppression/changing/recorder.ts'
import { readStateBefore } from '../../src/suppression/changing/state-before.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from '../tenants/some-service.ts'

const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`)
const MESSAGES = ['one@mail', 'two@mail', null]

forEachEngine((engine) => {
  it('writes one unbroken chain of events per row, however many processes change it at once', async (t) => {
    const target = await engine.target(t)
    const databases = [await openDatabase(target), await openDatabase(target)] as const
    try {
      await migrate(databases[0])
      const { service } = await someService(databases[0])
      const lists = await databases[0].read(
        databases[0].query.selectFrom('list').select('id').where('service_id', '=', service.id),
      )
      const started = Date.now()
      // The second process's clock is behind.
      const recorders = [
        createRecorder(databases[0], () => Date.now()),
        createRecorder(databases[1], () => Date.now() - 3_000),
      ]
      const random = pseudoRandom(7)
      const draw = <T>(from: readonly T[]) => from[random(from.length)] as T
      const one = (): SuppressionChange => ({
        kind: 'stop',
        listId: draw(lists).id,
        ...person(draw(PEOPLE)),
        requestedAt: started,
        reason: 'unsubscribed',
        messageId: draw(MESSAGES),
        mailedAt: null,
      })
      const other = (): SuppressionChange => ({
        kind: draw(['resume', 'remove'] as const),
        listId: draw(lists).id,
        ...person(draw(PEOPLE)),
        requestedAt: started,
      })
      const bursts = recorders.map((recorder) =>
        hammer(recorder, () => (random(3) ? one() : other()), random),
      )
      const changed = (await Promise.all(bursts)).flat().filter(Boolean).length

      const events = await databases[0].read(
        databases[0].query.selectFrom('event').selectAll().orderBy('recorded_at'),
      )
      assert.equal(
        events.filter((event) => event.kind !== 'stop' || !readStateBefore(event.before)?.excluded).length,
        changed,
      )
      for (const row of await databases[0].read(databases[0].query.selectFrom('suppression').selectAll())) {
        const own = events.filter((e) => e.address_key === row.address_key && e.list_id === row.list_id)
        assertChain(own, row)
      }
    } finally {
      for (const database of databases) await database.close()
    }
  })
})

function person(address: string) {
  return { recipient: { address, key: address }, source: 'api', evidence: null } as const
}

/** Answers for each change whether it changed something. */
async function hammer(
  recorder: Recorder,
  next: () => SuppressionChange,
  random: (below: number) => number,
): Promise<boolean[]> {
  const results: Promise<boolean>[] = []
  for (let burst = 0; burst < 40; burst++) {
    for (let i = random(20); i >= 0; i--) {
      results.push(recorder.record(next()).then(({ changed }) => changed))
    }
    await sleep(random(4))
  }
  return Promise.all(results)
}

/** Each event must find what the one before it left, and the row must be what the last one left. */
function assertChain(events: Tables['event'][], row: Tables['suppression']): void {
  assert.ok(events.length > 0)
  let left: { active: boolean; removed: boolean; messageId: string | null } | null = null
  for (const event of events) {
    const before = readStateBefore(event.before)
    assert.deepEqual(
      before && { active: before.active, removed: before.removed, messageId: before.messageId },
      left,
    )
    assert.ok(event.kind !== 'resume' || before?.active, 'a resume of what was not active')
    left =
      event.kind === 'stop'
        ? { active: true, removed: false, messageId: event.message_id }
        : { active: false, removed: event.kind === 'remove', messageId: before?.messageId ?? null }
  }
  assert.deepEqual({ active: row.active === 1, removed: row.removed === 1, messageId: row.message_id }, left)
  assert.equal(events.at(-1)?.recorded_at, row.revision)
}

/** The same numbers in each run (mulberry32). */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
