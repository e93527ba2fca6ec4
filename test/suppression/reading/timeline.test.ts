import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createRecorder } from '../../../src/suppression/changing/recorder.ts'
import { decide } from '../../../src/suppression/deciding/decide.ts'
import { readTimeline } from '../../../src/suppression/reading/timeline.ts'
import { findLists } from '../../../src/tenants/list.ts'
import { sharedDatabase } from '../../storage/shared-database.ts'
import { forEachEngine } from '../../support/engines.ts'
import { someService } from '../../tenants/some-service.ts'
import { lift, stop } from '../changes.ts'

const START = Date.UTC(2026, 0, 1)
const KEY = 'reader@example.com'
const EVIDENCE = { method: 'POST', clientAddress: '192.0.2.1', userAgent: 'curl', keyId: 'k1' }

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('tells what happened on the given lists, newest first, with evidence and the state before', async () => {
    const { service } = await someService(database())
    const lists = await findLists(database(), service.id)
    const [first = 0, second = 0, other = 0] = lists.map(({ id }) => id)
    let now = START
    const { record } = createRecorder(database(), () => now++)
    await record(
      stop(first, 'Reader@Example.com', {
        requestedAt: START - 9,
        messageId: 'm1@mail',
        mailedAt: START - 50,
        evidence: EVIDENCE,
      }),
    )
    await record(stop(other, KEY))
    await record(stop(first, 'somebody.else@example.com'))
    await record(lift('remove', first, KEY, { requestedAt: START - 8, source: 'console' }))
    await record(stop(second, KEY, { requestedAt: START - 7, reason: 'complaint' }))
    await record(stop(first, KEY, { requestedAt: START - 6, messageId: 'm1@mail', mailedAt: START - 50 }))

    const { events, standings } = await readTimeline(database(), lists.slice(0, 2), KEY)
    assert.deepEqual(
      events.map(({ listId, kind, requestedAt, olderMail }) => [
        listId,
        kind,
        requestedAt - START,
        olderMail,
      ]),
      [
        [first, 'stop', -6, true],
        [second, 'stop', -7, false],
        [first, 'remove', -8, false],
        [first, 'stop', -9, false],
      ],
    )
    assert.deepEqual(events.at(-1), {
      listId: first,
      kind: 'stop',
      recordedAt: START,
      requestedAt: START - 9,
      address: 'Reader@Example.com',
      reason: 'unsubscribed',
      source: 'one-click',
      messageId: 'm1@mail',
      olderMail: false,
      evidence: EVIDENCE,
      before: null,
    })
    const { before } = events[0] ?? {}
    assert.deepEqual(
      [before?.excluded, before?.active, before?.removed, before?.since, before?.resumedAt],
      [false, false, true, START - 9, START - 8],
    )
    assert.deepEqual(
      standings.map(({ listId, active, reason }) => [listId, active, reason]),
      [
        [first, true, 'unsubscribed'],
        [second, true, 'complaint'],
      ],
    )
    const decision = decide(standings, [second, first], now)
    assert.equal(decision.deliver ? undefined : decision.listId, second)
  })

  it('knows where somebody stands who was resumed', async () => {
    const { service } = await someService(database())
    const lists = await findLists(database(), service.id)
    const { record } = createRecorder(database(), () => START)
    const list = lists[0]?.id ?? 0
    await record(stop(list, KEY))
    await record(lift('resume', list, KEY))
    const { standings } = await readTimeline(database(), lists, KEY)
    assert.deepEqual(
      standings.map(({ listId, active }) => [listId, active]),
      [[list, false]],
    )
    assert.deepEqual(decide(standings, [list], START), { deliver: true })
  })

  it('is empty for who is unknown, and on no lists', async () => {
    const { service } = await someService(database())
    const lists = await findLists(database(), service.id)
    const empty = { events: [], standings: [] }
    assert.deepEqual(await readTimeline(database(), lists, 'nobody@example.com'), empty)
    assert.deepEqual(await readTimeline(database(), [], KEY), empty)
  })
})
