import assert from 'node:assert/strict'
import { it } from 'node:test'
import { addressKey } from '../../src/kernel/address.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/storage/database.ts'
import { idSource } from '../../src/storage/id-block.ts'
import type { SuppressionChange } from '../../src/suppression/changing/change.ts'
import { createRecorder, type Recorder } from '../../src/suppression/changing/recorder.ts'
import { readStateBefore } from '../../src/suppression/changing/state-before.ts'
import { decide } from '../../src/suppression/deciding/decide.ts'
import { createLookUp, type LookUp } from '../../src/suppression/deciding/look-up.ts'
import { purgeLapsed } from '../../src/suppression/purge.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { createService, updateService } from '../../src/tenants/service.ts'
import type { LifetimeDays } from '../../src/tenants/service-settings.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { fc, runs } from '../support/properties.ts'
import { keyOf, Model, type ModelRequest } from './model.ts'

const START = Date.UTC(2026, 0, 1)
const PEOPLE = ['a@example.com', 'b@example.com']
const SPELLINGS = [...PEOPLE, 'A@Example.com']
/** Two senders' lists and the hard bounces, by index. */
const LISTS = [0, 1, 2]
const MESSAGES = [
  { messageId: 'a@mail', mailedAt: START },
  { messageId: 'b@mail', mailedAt: START + 50 * DAY_MS },
  { messageId: null, mailedAt: null },
]

type Asked = Omit<ModelRequest, 'requestedAt'> & { agoMs: number }
type Step =
  | { do: 'ask'; requests: Asked[] }
  | { do: 'lifetime'; days: Partial<LifetimeDays> }
  | { do: 'wait'; ms: number }
  | { do: 'purge' }

const whom = { address: fc.constantFrom(...SPELLINGS), list: fc.constantFrom(...LISTS) }
const asked = (...agoMs: number[]): fc.Arbitrary<Asked> =>
  fc
    .record({
      ...whom,
      kind: fc.constantFrom('stop', 'stop', 'stop', 'resume', 'remove'),
      message: fc.constantFrom(...MESSAGES),
      agoMs: fc.constantFrom(...agoMs),
    })
    .map(
      ({ message, ...rest }) =>
        ({
          ...rest,
          ...(rest.kind === 'stop' ? message : { messageId: null, mailedAt: null, agoMs: 0 }),
        }) as Asked,
    )

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: asked(0, 0, DAY_MS, 100 * DAY_MS).map((one) => ({ do: 'ask' as const, requests: [one] })),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(asked(0, 0, 1, 5), { minLength: 2, maxLength: 12 })
      .map((requests) => ({ do: 'ask' as const, requests })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        kind: fc.constantFrom('sender', 'hardBounces'),
        days: fc.constantFrom(null, 1, 30, 90),
      })
      .map(({ kind, days }) => ({ do: 'lifetime' as const, days: { [kind]: days } })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(0, 1, 1_000, DAY_MS - 1, DAY_MS, 30 * DAY_MS, 90 * DAY_MS - 1, 90 * DAY_MS)
      .map((ms) => ({ do: 'wait' as const, ms })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'purge' as const }) },
)

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('agrees with the rules said plainly, after any sequence of requests, resumes, settings, time and purges', async () => {
    let now = START
    const recorder = createRecorder(database(), () => now)
    const lookUp = createLookUp(database())
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        now = START
        const world = await begin(database(), recorder, lookUp)
        for (const taken of steps) {
          if (taken.do === 'wait') now += taken.ms
          else await carryOut(world, taken, now)
          await compare(world, now)
        }
      }),
      { numRuns: runs(engine.name === 'sqlite' ? 150 : 50) },
    )
  })
})

interface World {
  database: Database
  recorder: Recorder
  lookUp: LookUp
  serviceId: number
  listIds: number[]
  model: Model
}

async function begin(database: Database, recorder: Recorder, lookUp: LookUp): Promise<World> {
  const tables = ['suppression', 'event', 'sender', 'list', 'service'] as const
  await database.transact(tables.map((table) => database.query.deleteFrom(table)))
  const ids = idSource(database, 'list')
  const service = await createService(database, ids, { siteId: 1, name: 'news', now: START })
  const listIds = []
  for (const address of ['one@example.com', 'other@example.com']) {
    listIds.push((await registerSender(database, ids, service, { address, now: START })).listId)
  }
  listIds.push((await resolveList(database, service.id, 'hard-bounces')).id)
  const model = new Model([90 * DAY_MS, 90 * DAY_MS, null])
  return { database, recorder, lookUp, serviceId: service.id, listIds, model }
}

async function carryOut(world: World, taken: Exclude<Step, { do: 'wait' }>, now: number): Promise<void> {
  const { database, recorder, model, serviceId } = world
  if (taken.do === 'purge') {
    assert.equal(await purgeLapsed(database, now, { batch: 2 }), model.purge(now))
  } else if (taken.do === 'lifetime') {
    await updateService(database, serviceId, { lifetimeDays: taken.days })
    const [[kind, days] = []] = Object.entries(taken.days)
    const ms = days == null ? null : days * DAY_MS
    if (kind === 'sender') model.lifetimes.fill(ms, 0, 2)
    else model.lifetimes[2] = ms
  } else {
    const requests = taken.requests.map(({ agoMs, ...rest }) => ({ ...rest, requestedAt: now - agoMs }))
    const results = await Promise.all(requests.map((request) => recorder.record(toChange(world, request))))
    assert.deepEqual(
      results.map(({ changed }) => changed),
      requests.map((request) => model.carryOut(request, now)),
    )
  }
}

function toChange({ listIds }: World, request: ModelRequest): SuppressionChange {
  const { kind, list, address, requestedAt, messageId, mailedAt } = request
  const recipient = { address, key: addressKey(address) ?? '' }
  const change = {
    listId: listIds[list] ?? 0,
    recipient,
    requestedAt,
    source: 'one-click',
    evidence: null,
  } as const
  return kind === 'stop'
    ? { ...change, kind, reason: 'unsubscribed', messageId, mailedAt }
    : { ...change, kind }
}

async function compare({ database, lookUp, listIds, model }: World, now: number): Promise<void> {
  const found = await lookUp(PEOPLE)
  for (const person of PEOPLE) {
    const standings = found.get(person) ?? []
    for (const list of LISTS) {
      const decision = decide(standings, [listIds[list] ?? 0], now)
      const expected = model.isExcluded(person, list, now)
        ? {
            deliver: false,
            listId: listIds[list],
            reason: 'unsubscribed',
            since: model.rows.get(keyOf(person, list))?.since,
          }
        : { deliver: true }
      assert.deepEqual(decision, expected)
    }
    const anywhere = LISTS.some((list) => model.isExcluded(person, list, now))
    assert.equal(decide(standings, listIds, now).deliver, !anywhere)
  }
  assert.deepEqual(await storedRows(database, listIds), Object.fromEntries(model.rows))
  assert.deepEqual(await storedEvents(database, listIds), Object.fromEntries(model.events))
}

async function storedRows(database: Database, listIds: number[]) {
  const rows = await database.read(database.query.selectFrom('suppression').selectAll())
  return Object.fromEntries(
    rows.map((row) => [
      keyOf(row.address_key, listIds.indexOf(row.list_id)),
      {
        address: row.address,
        active: row.active === 1,
        since: row.since,
        requestedAt: row.requested_at,
        resumedAt: row.resumed_at,
        removed: row.removed === 1,
        messageId: row.message_id,
        changedAt: row.revision,
      },
    ]),
  )
}

async function storedEvents(database: Database, listIds: number[]) {
  const rows = await database.read(database.query.selectFrom('event').selectAll().orderBy('recorded_at'))
  const events: Record<string, unknown[]> = {}
  for (const row of rows) {
    const before = readStateBefore(row.before)
    const { expiresAt: _, reason: __, source: ___, ...state } = before ?? {}
    const key = keyOf(row.address_key, listIds.indexOf(row.list_id))
    events[key] ??= []
    events[key].push({
      kind: row.kind,
      address: row.address,
      requestedAt: row.requested_at,
      messageId: row.message_id,
      olderMail: row.older_mail === 1,
      before: before && state,
    })
  }
  return events
}
