import assert from 'node:assert/strict'
import { it } from 'node:test'
import { editSubscriber, revisionOfSubscriber } from '../../src/subscribers/edit.ts'
import { removeSubscriber } from '../../src/subscribers/remove.ts'
import { findSubscriber, searchSubscribers } from '../../src/subscribers/search.ts'
import { readStopRequests } from '../../src/suppression/reading/requests.ts'
import { readTimeline } from '../../src/suppression/reading/timeline.ts'
import { createFilter, deleteFilter } from '../../src/tenants/filter.ts'
import { findLists } from '../../src/tenants/list.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { fc, runs } from '../support/properties.ts'
import { lift, stop } from '../suppression/changes.ts'
import { someService } from '../tenants/some-service.ts'
import { person, START, someSubscribers } from './some-subscribers.ts'

const LASTING = ['blocklist', 'complaints', 'hard-bounces']
const EVERY = [...LASTING, 'filter:Tips', 'sender:news@example.com'].sort()

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('a joining lifts the lists of senders and filters, and never those about the mailbox or abuse', async () => {
    const { service, join, stopOnEvery, excludedBy, time } = await someSubscribers(database())
    await stopOnEvery('Taro@Example.jp')
    await stopOnEvery('jiro@example.jp')
    assert.deepEqual(await excludedBy('taro@example.jp'), EVERY)
    time.now += 1
    const joined = await join({ service, recipient: person('taro@example.jp'), via: 'form' })
    assert.deepEqual(joined, { created: true, joined: true, lifted: 2 })
    assert.deepEqual(await excludedBy('taro@example.jp'), LASTING)
    assert.equal((await excludedBy('jiro@example.jp')).length, 5)
    const again = await join({ service, recipient: person('taro@example.jp'), via: 'blank-mail' })
    assert.deepEqual(again, { created: false, joined: false, lifted: 0 })
  })

  it('whom a joining took off a list is gone from the one-click export, and stays in the timeline with how it came', async () => {
    const { service, join, lists, recorder, clock, time } = await someSubscribers(database())
    const list = lists.find(({ kind }) => kind === 'sender')?.id ?? 0
    const exported = async () => {
      const period = {
        listIds: [list],
        from: 0,
        to: START * 2,
        timeZone: 'Asia/Tokyo',
        automaticExclusion: true,
      }
      const addresses: string[] = []
      for await (const page of readStopRequests(database(), period, clock)) {
        addresses.push(...page.map(({ address }) => address))
      }
      return addresses
    }
    await recorder.record(stop(list, 'stopped@example.jp', { requestedAt: START, messageId: 'm@mail' }))
    await recorder.record(stop(list, 'resumed@example.jp', { requestedAt: START, messageId: 'm@mail' }))
    await recorder.record(lift('resume', list, 'resumed@example.jp'))
    assert.equal((await exported()).length, 2)
    time.now += 5
    const evidence = { method: 'POST', clientAddress: '192.0.2.1', userAgent: 'Phone', keyId: null }
    for (const address of ['stopped@example.jp', 'resumed@example.jp']) {
      await join({ service, recipient: person(address), via: 'form', requestedAt: START + 3, evidence })
    }
    assert.deepEqual(await exported(), [])
    const { events } = await readTimeline(database(), lists, 'stopped@example.jp')
    assert.deepEqual(
      events.map(({ kind, source, requestedAt, recordedAt, evidence: kept }) => ({
        kind,
        source,
        requestedAt,
        recordedAt,
        kept,
      })),
      [
        { kind: 'remove', source: 'form', requestedAt: START + 3, recordedAt: START + 5, kept: evidence },
        { kind: 'stop', source: 'one-click', requestedAt: START, recordedAt: START, kept: null },
      ],
    )
    assert.equal(events[0]?.before?.excluded, true)
  })

  it('a request after the joining is honoured, and the list of a deleted filter is lifted like the others', async () => {
    const { service, join, stopOnEvery, excludedBy, time } = await someSubscribers(database())
    await join({ service, recipient: person('taro@example.jp'), via: 'api' })
    await stopOnEvery('taro@example.jp')
    assert.equal((await excludedBy('taro@example.jp')).length, 5)
    const filter = (await findLists(database(), service.id)).find(({ kind }) => kind === 'filter')
    await deleteFilter(database(), service.id, filter?.classId ?? '', time.now)
    assert.equal((await join({ service, recipient: person('taro@example.jp'), via: 'api' })).lifted, 2)
  })

  it('a list that the service made since is lifted too', async () => {
    const { service, join, recorder } = await someSubscribers(database())
    const { listIds } = await someService(database())
    const filter = { name: 'New', header: 'X-New', pattern: 'new', match: 'exact', now: START } as const
    const { listId } = await createFilter(database(), listIds, service, filter)
    await recorder.record(stop(listId, 'taro@example.jp', { requestedAt: START }))
    assert.equal((await join({ service, recipient: person('taro@example.jp'), via: 'form' })).lifted, 1)
  })

  it('another service of the site is a membership of its own, and its lists stay as they are', async () => {
    const one = await someSubscribers(database())
    const other = await someSubscribers(database())
    await other.stopOnEvery('taro@example.jp')
    const recipient = person('taro@example.jp')
    const data = { userIds: ['b', 'a'], attributes: { 名前: '太郎', age: 30, member: true } }
    await one.join({ service: one.service, recipient, data, via: 'form' })
    assert.equal((await other.excludedBy('taro@example.jp')).length, 5)
    await assert.rejects(findSubscriber(database(), other.service, recipient.key), {
      code: 'unknown-subscriber',
    })
    const second = { id: other.service.id, siteId: one.service.siteId }
    const joined = await one.join({ service: second, recipient, via: 'console' })
    assert.deepEqual([joined.created, joined.joined], [false, true])
    const seen = await findSubscriber(database(), second, recipient.key)
    assert.deepEqual(seen, {
      address: 'taro@example.jp',
      ...{ userIds: ['a', 'b'], attributes: data.attributes },
      ...{ membership: 'joined', since: START, via: 'console', createdAt: START, updatedAt: START },
    })
  })

  it('an edit replaces what is given, and leaving and joining keep their time and way', async () => {
    const { service, join, stopOnEvery, excludedBy, time } = await someSubscribers(database())
    const recipient = person('taro@example.jp')
    const change = { service, recipient, data: {}, via: 'api' } as const
    await assert.rejects(editSubscriber(database(), { ...change, membership: 'joined', at: START }), {
      code: 'unknown-subscriber',
    })
    await assert.rejects(findSubscriber(database(), service, recipient.key), { code: 'unknown-subscriber' })
    await join({ service, recipient, data: { userIds: ['1', '2'], attributes: { a: 1 } }, via: 'form' })
    await stopOnEvery('taro@example.jp')
    time.now += 10
    const left = { ...change, membership: 'left', at: time.now } as const
    assert.deepEqual(await editSubscriber(database(), left), { lifted: 0 })
    await editSubscriber(database(), { ...left, at: time.now + 1, data: { userIds: [] } })
    const seen = await findSubscriber(database(), service, recipient.key)
    assert.deepEqual(
      [seen.membership, seen.since, seen.via, seen.userIds, seen.attributes, seen.updatedAt],
      ['left', START + 10, 'api', [], { a: 1 }, START + 11],
    )
    assert.equal((await excludedBy('taro@example.jp')).length, 5)
    const rejoined = { ...change, via: 'console', membership: 'joined', at: time.now + 2 } as const
    assert.deepEqual(await editSubscriber(database(), rejoined), { lifted: 2 })
    assert.deepEqual(await excludedBy('taro@example.jp'), LASTING)
    assert.equal((await findSubscriber(database(), service, recipient.key)).via, 'console')
  })

  it('an edit of what was seen changes data, membership and lists together, or none of them', async () => {
    const { service, join, stopOnEvery, excludedBy, time } = await someSubscribers(database())
    const recipient = person('taro@example.jp')
    await join({ service, recipient, data: { attributes: { a: 1 } }, via: 'form' })
    await editSubscriber(database(), {
      ...{ service, recipient, data: {}, via: 'api', membership: 'left', at: time.now },
    })
    await stopOnEvery('taro@example.jp')
    const seen = await findSubscriber(database(), service, recipient.key)
    const edit = { service, recipient, via: 'console', membership: 'joined' } as const
    const wrong = { ...edit, data: { attributes: { a: 2 } }, revision: 'another', at: time.now + 1 }
    await assert.rejects(editSubscriber(database(), wrong), { code: 'changed-meanwhile' })
    assert.deepEqual(await findSubscriber(database(), service, recipient.key), seen)
    assert.deepEqual(await excludedBy('taro@example.jp'), EVERY)
    let commits = 0
    const watched: ReturnType<typeof database> = {
      ...database(),
      transact: (statements, commit) => {
        commits++
        return database().transact(statements, commit)
      },
    }
    const right = { ...wrong, revision: revisionOfSubscriber(seen) }
    assert.deepEqual(await editSubscriber(watched, right), { lifted: 2 })
    const { attributes, membership } = await findSubscriber(database(), service, recipient.key)
    assert.deepEqual([attributes, membership, commits], [{ a: 2 }, 'joined', 1])
    assert.deepEqual(await excludedBy('taro@example.jp'), LASTING)
  })

  it('a deletion takes the membership, with the last one everything that is known, and no suppression', async () => {
    const { service, join, stopOnEvery, excludedBy } = await someSubscribers(database())
    const other = await someService(database())
    const second = { id: other.service.id, siteId: service.siteId }
    const recipient = person('taro@example.jp')
    await join({ service, recipient, data: { userIds: ['1'] }, via: 'form' })
    await join({ service: second, recipient, via: 'form' })
    await stopOnEvery('taro@example.jp')
    await removeSubscriber(database(), { service, recipient })
    assert.deepEqual((await findSubscriber(database(), second, recipient.key)).userIds, ['1'])
    await assert.rejects(removeSubscriber(database(), { service, recipient }), { code: 'unknown-subscriber' })
    await removeSubscriber(database(), { service: second, recipient })
    for (const table of ['subscriber', 'subscriber_membership', 'subscriber_user_id'] as const) {
      const rows = await database().read(
        database().query.selectFrom(table).select('site_id').where('site_id', '=', service.siteId),
      )
      assert.deepEqual(rows, [], table)
    }
    assert.equal((await excludedBy('taro@example.jp')).length, 5)
  })

  it('a search finds by part of the address, user id and membership, each subscriber on one page', async () => {
    const { service, join, time } = await someSubscribers(database())
    const addresses = ['b_1@example.jp', 'a@example.com', 'bx1@example.jp', 'C@example.jp', 'd@example.jp']
    for (const address of addresses) {
      const userIds = address.startsWith('d') ? [] : ['shared', address]
      await join({ service, recipient: person(address), data: { userIds }, via: 'api' })
    }
    const left = { service, recipient: person('c@example.jp'), data: {}, via: 'api' } as const
    await editSubscriber(database(), { ...left, membership: 'left', at: time.now })
    const find = async (given: object) => {
      const found: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await searchSubscribers(database(), { service, limit: 2, cursor, ...given })
        found.push(...page.items.map(({ address }) => address))
        if (page.next === null) return found
        cursor = page.next
      }
    }
    assert.deepEqual(await find({}), [
      ...['a@example.com', 'b_1@example.jp', 'bx1@example.jp', 'c@example.jp', 'd@example.jp'],
    ])
    assert.deepEqual(await find({ contains: 'B_1' }), ['b_1@example.jp'])
    assert.deepEqual(await find({ userId: 'shared' }), [
      'a@example.com',
      'b_1@example.jp',
      'bx1@example.jp',
      'c@example.jp',
    ])
    assert.deepEqual(await find({ userId: 'C@example.jp' }), ['c@example.jp'])
    assert.deepEqual(await find({ membership: 'left' }), ['c@example.jp'])
    assert.deepEqual(await find({ membership: 'joined', contains: '@EXAMPLE.JP' }), [
      ...['b_1@example.jp', 'bx1@example.jp', 'd@example.jp'],
    ])
    await assert.rejects(find({ cursor: 'x' }), { field: 'cursor' })
    await assert.rejects(find({ contains: '\0' }), { field: 'contains' })
  })

  it('whatever comes before it, nobody who has joined is excluded by a sender or filter until they ask again', async () => {
    const step = fc.constantFrom('stop', 'resume', 'join', 'edit', 'leave', 'delete', 'hard-bounce')
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 0, max: 1 }),
        async (steps, tick) => {
          const { service, join, lists, recorder, excludedBy, time } = await someSubscribers(database())
          const recipient = person('taro@example.jp')
          const wishes = lists.filter(({ kind }) => kind === 'sender' || kind === 'filter')
          const bounces = lists.find(({ kind }) => kind === 'hard-bounces')?.id ?? 0
          let [stopped, bounced, known] = [false, false, false]
          for (const next of steps) {
            time.now += tick
            const change = { service, recipient, data: {}, via: 'api', at: time.now } as const
            const given = { requestedAt: time.now }
            if (next === 'stop') {
              stopped = true
              await Promise.all(wishes.map(({ id }) => recorder.record(stop(id, recipient.address, given))))
            } else if (next === 'resume') {
              stopped = false
              await Promise.all(
                wishes.map(({ id }) => recorder.record(lift('resume', id, recipient.address, given))),
              )
            } else if (next === 'hard-bounce') {
              bounced = true
              await recorder.record(stop(bounces, recipient.address, given))
            } else if (next === 'join') {
              ;[known, stopped] = [true, false]
              await join({ service, recipient, via: 'form' })
            } else if (!known) {
              await assert.rejects(
                next === 'delete'
                  ? removeSubscriber(database(), change)
                  : editSubscriber(database(), {
                      ...change,
                      membership: next === 'edit' ? 'joined' : 'left',
                    }),
              )
            } else if (next === 'delete') {
              known = false
              await removeSubscriber(database(), change)
            } else {
              stopped &&= next !== 'edit'
              await editSubscriber(database(), { ...change, membership: next === 'edit' ? 'joined' : 'left' })
            }
            const wished = stopped ? ['filter:Tips', 'sender:news@example.com'] : []
            assert.deepEqual(
              await excludedBy(recipient.address),
              [...wished, ...(bounced ? ['hard-bounces'] : [])].sort(),
            )
          }
        },
      ),
      { numRuns: runs(25) },
    )
  })
})
