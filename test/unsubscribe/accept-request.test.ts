import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { Keyring } from '../../src/kernel/keyring.ts'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'
import { mintToken } from '../../src/tokens/token.ts'
import {
  type AcceptRequest,
  createAcceptRequest,
  createCarryOut,
  type PublicRequest,
} from '../../src/unsubscribe/accept-request.ts'
import { readTarget } from '../../src/unsubscribe/read-target.ts'
import { replayJournal } from '../../src/unsubscribe/replay-journal.ts'
import { forEachEngine } from '../support/engines.ts'
import { addTenant, type Installation, install, NOON, sharedInstallation } from '../support/installation.ts'
import { startPostgres } from '../support/postgres.ts'

const EVIDENCE = { method: 'POST', clientAddress: '192.0.2.1', userAgent: 'Agent/1.0' }

forEachEngine((engine) => {
  const shared = sharedInstallation(engine.name)
  let installation: Installation
  let accept: AcceptRequest
  before(() => {
    installation = shared()
    accept = createAcceptRequest(installation.capabilities.publicParts)
  })

  it('excludes the recipient at once, with all that was known of the request', async () => {
    const { capabilities } = installation
    const { list, wouldMail, service } = await addTenant(installation)
    const message = { kind: 'ours', deliveryId: 5, bucket: 1, id: 65, domain: 'example.com' } as const
    const content = { recipient: 'Taro@example.com', mintedAt: NOON, message }
    const { url } = capabilities.links.make(list, content)
    const evidence = { ...EVIDENCE, contentType: 'text/plain', body: 'List-Unsubscribe=One-Click' }
    const { outcome, list: found, opened } = await accept({ ...requestTo(url), evidence })
    assert.deepEqual([outcome, found?.id, opened?.recipient], ['excluded', list.id, 'Taro@example.com'])
    assert.equal(await wouldMail('taro@EXAMPLE.com'), false)
    const [event] = await eventsOf(installation, list.id)
    assert.deepEqual(
      { ...event, evidence_json: JSON.parse(event?.evidence_json ?? '') },
      {
        kind: 'stop',
        address: 'Taro@example.com',
        reason: 'unsubscribed',
        source: 'one-click',
        message_id: '5.65@example.com',
        older_mail: 0,
        evidence_json: { ...evidence, keyId: capabilities.keyring.newest.id },
      },
    )
    const { excluded } = await capabilities.checkRecipients({
      service,
      from: { address: 'news@example.com' },
      recipients: ['taro@example.com'],
    })
    const list_ = 'sender:news@example.com'
    assert.deepEqual(excluded, [
      { address: 'taro@example.com', list: list_, reason: 'unsubscribed', since: NOON },
    ])
  })

  it('takes a repeat of the same link without another event', async () => {
    const { list, linkOf } = await addTenant(installation)
    const url = linkOf('taro@example.com')
    for (let count = 0; count < 3; count++) assert.equal((await accept(requestTo(url))).outcome, 'excluded')
    assert.equal((await eventsOf(installation, list.id)).length, 1)
  })

  it('resumes with the token of the same link, and honours the old link again afterwards', async () => {
    const { list, linkOf, wouldMail } = await addTenant(installation)
    const url = linkOf('taro@example.com')
    const { pathname } = new URL(url)
    await accept(requestTo(url))
    const resume = requestTo(pathname.replace(/^\/(\w+)\/-/, '/-/resume/$1/'))
    assert.equal((await accept({ ...resume, receivedAt: NOON + 1 })).outcome, 'resumed')
    assert.equal(await wouldMail('taro@example.com'), true)
    assert.equal((await accept({ ...requestTo(url), receivedAt: NOON + 2 })).outcome, 'excluded')
    assert.equal(await wouldMail('taro@example.com'), false)
    const events = await eventsOf(installation, list.id)
    assert.deepEqual(
      events.map(({ kind, older_mail }) => [kind, older_mail]),
      [
        ['stop', 0],
        ['resume', 0],
        ['stop', 1],
      ],
    )
  })

  it('knows a class as soon as it is registered, however often it was unknown before', async () => {
    const { linkOf, sender } = await addTenant(installation)
    const other = requestTo(linkOf('taro@example.com').replace(sender.classId, 'zzzzzzzzzzzzzzzz'))
    assert.deepEqual(await accept(other), { outcome: 'unknown-class' })

    const { database } = installation.capabilities
    await database.transact([
      database.query
        .updateTable('list')
        .set({ class_id: 'zzzzzzzzzzzzzzzz' })
        .where('id', '=', sender.listId),
    ])
    // Sealed for another class.
    assert.equal((await accept(other)).outcome, 'broken-token')
  })

  it('keeps a wish to stop whose key is missing, once, and nothing else that cannot be opened', async () => {
    const { list, sender } = await addTenant(installation)
    const content = { recipient: 'taro@example.com', mintedAt: NOON, message: null }
    const foreign = mintToken(
      new Keyring([{ id: 'ffffff', bytes: Buffer.alloc(32, 9) }]),
      sender.classId,
      content,
    )
    const own = mintToken(installation.capabilities.keyring, sender.classId, content)
    const base = `/${sender.classId}`
    for (const [target, outcome] of [
      [`${base}/-${foreign}`, 'unknown-key'],
      [`${base}/-${foreign}?utm_source=x`, 'unknown-key'],
      [`/-/resume/${sender.classId}/${foreign}`, 'unknown-key'],
      [`${base}/-${own.slice(0, -2)}`, 'broken-token'],
      [`${base}/-x`, 'broken-token'],
      [base, 'nobody'],
      [`${base}/`, 'nobody'],
      [`${base}/customer-42`, 'nobody'],
      [`${base}?id=${'x'.repeat(2_000)}`, 'nobody'],
    ] as const) {
      assert.equal((await accept(requestTo(target))).outcome, outcome, target)
    }
    const { unverified } = installation.capabilities.publicParts
    const kept = await unverified.oldest(['ffffff'], 10)
    assert.deepEqual(
      kept.map(({ id: _, ...row }) => row),
      [
        {
          target: { classId: sender.classId, token: foreign },
          keyId: 'ffffff',
          receivedAt: NOON,
          evidence: EVIDENCE,
        },
      ],
    )
    assert.deepEqual(await eventsOf(installation, list.id), [])
    assert.equal((await partsOf(installation, list.id)).length, 0)
  })

  describe('on a list that takes opaque parts', () => {
    it('keeps every byte as it came, once a part and day of the service’s zone', async () => {
      const { list, sender, addSender } = await addTenant(installation)
      await addSender({ address: sender.address, takesOpaque: true })
      const base = `/${sender.classId}`
      const parts = [
        '/customer/42',
        '?id=%E3%81%82&x=1',
        '/\xe3\x81\x82\xff\x80',
        '/%2f%2F',
        '-',
        '/',
        '//..;?#',
      ]
      const midnight = Date.UTC(2026, 9, 1, 15)
      for (const receivedAt of [midnight - 2, midnight - 1, midnight]) {
        for (const part of parts) {
          assert.equal((await accept({ ...requestTo(base + part), receivedAt })).outcome, 'opaque-kept')
        }
      }
      assert.equal((await accept(requestTo(base))).outcome, 'nobody')
      const kept = await partsOf(installation, list.id)
      assert.deepEqual(
        kept.map(({ day, part, received_at }) => [day, part, received_at]),
        ['2026-10-01', '2026-10-02'].flatMap((day, index) =>
          parts.toSorted().map((part) => [day, part, midnight - 2 + 2 * index]),
        ),
      )
      assert.deepEqual(JSON.parse(kept[0]?.evidence_json ?? ''), { ...EVIDENCE, keyId: null })
      assert.deepEqual(await eventsOf(installation, list.id), [])
    })

    it('takes them as soon as it is told to, although the class was known before', async () => {
      const { sender, addSender } = await addTenant(installation)
      const request = requestTo(`/${sender.classId}/customer-42`)
      assert.equal((await accept(request)).outcome, 'nobody')
      await addSender({ address: sender.address, takesOpaque: true })
      assert.equal((await accept(request)).outcome, 'opaque-kept')
    })

    it('refuses what is too long or holds NUL, and opens tokens as ever', async () => {
      const { list, sender, addSender, linkOf, wouldMail } = await addTenant(installation)
      await addSender({ address: sender.address, takesOpaque: true })
      const base = `/${sender.classId}`
      assert.equal((await accept(requestTo(`${base}/${'x'.repeat(1_023)}`))).outcome, 'opaque-kept')
      assert.equal((await accept(requestTo(`${base}/${'x'.repeat(1_024)}`))).outcome, 'opaque-refused')
      assert.equal((await accept(requestTo(`${base}/a%00b`))).outcome, 'opaque-refused')
      assert.equal((await accept(requestTo(`${base}/-broken`))).outcome, 'broken-token')
      assert.equal((await accept(requestTo(linkOf('taro@example.com')))).outcome, 'excluded')
      assert.equal(await wouldMail('taro@example.com'), false)
      assert.equal((await partsOf(installation, list.id)).length, 1)
    })
  })
})

it('keeps at most a million opaque parts a day and list', async (t) => {
  const installation = await install(t, 'sqlite')
  const { list, sender, addSender } = await addTenant(installation)
  await addSender({ address: sender.address, takesOpaque: true })
  await fillWithParts(installation, list.id, '2026-10-01', 999_999)
  const accept = createAcceptRequest(installation.capabilities.publicParts)
  const request = requestTo(`/${sender.classId}/last`)
  assert.equal((await accept(request)).outcome, 'opaque-kept')
  await assert.rejects(accept(requestTo(`/${sender.classId}/one-too-many`)), {
    name: 'OpaqueQuotaReached',
  })
  const tomorrow = { ...requestTo(`/${sender.classId}/one-too-many`), receivedAt: NOON + 86_400_000 }
  assert.equal((await accept(tomorrow)).outcome, 'opaque-kept')
})

describe('while PostgreSQL is away', () => {
  it('keeps requests on disk, mails nobody, and carries them out in order once it is back', async (t) => {
    const server = await startPostgres({ dedicated: true })
    t.after(() => server.stop())
    const installation = await install(t, 'postgres', { databaseUrl: server.url })
    const { publicParts, lookUp } = installation.capabilities
    const { journal } = publicParts
    const { sender, addSender, linkOf, wouldMail, list } = await addTenant(installation)
    await addSender({ address: sender.address, takesOpaque: true })
    const accept = createAcceptRequest(publicParts)
    const carryOut = createCarryOut(publicParts)
    const [kept, back] = [linkOf('kept@example.com'), linkOf('back@example.com')]

    await server.stop()
    const first = await accept(requestTo(kept))
    assert.deepEqual([first.outcome, first.opened?.recipient], ['journaled', 'kept@example.com'])
    assert.equal(journal.pending, true)
    const resume = new URL(back).pathname.replace(/^\/(\w+)\/-/, '/-/resume/$1/')
    for (const target of [
      back,
      resume,
      `/${sender.classId}/customer-42`,
      '/zzzzzzzzzzzzzzzz/-x',
      `/${sender.classId}/-x`,
    ])
      assert.equal((await accept(requestTo(target))).outcome, 'journaled')
    await assert.rejects(replayJournal(journal, carryOut, assert.ifError), DatabaseUnavailable)
    assert.equal(journal.pending, true)

    await server.start()
    // As long as one request waits, nobody may be mailed and no other may overtake it.
    await assert.rejects(lookUp(['somebody@example.com']), DatabaseUnavailable)
    assert.equal((await accept(requestTo(linkOf('late@example.com')))).outcome, 'journaled')

    assert.equal(await replayJournal(journal, carryOut, assert.ifError), 7)
    assert.equal(journal.pending, false)
    // Other processes may still have to replay theirs.
    await assert.rejects(wouldMail('other@example.com'), DatabaseUnavailable)
    installation.time.now += 3_000
    assert.deepEqual(
      await Promise.all(['kept', 'back', 'late', 'other'].map((name) => wouldMail(`${name}@example.com`))),
      [false, true, false, true],
    )
    assert.equal((await partsOf(installation, list.id)).length, 1)
    assert.equal((await accept(requestTo(linkOf('after@example.com')))).outcome, 'excluded')
  })
})

describe('while the disk refuses SQLite', () => {
  it('keeps requests in the journal and carries them out once there is room', async (t) => {
    const installation = await install(t, 'sqlite')
    const { database, publicParts } = installation.capabilities
    const { linkOf, wouldMail } = await addTenant(installation)
    const accept = createAcceptRequest(publicParts)
    const pages = (most: number) =>
      database.transact([
        { compile: () => sql.raw(`pragma max_page_count = ${most}`).compile(database.query) },
      ])
    await pages(1)
    // Too long for the room that is left in the last pages.
    const evidence = { ...EVIDENCE, userAgent: 'x'.repeat(20_000) }
    const request = { ...requestTo(linkOf('taro@example.com')), evidence }
    assert.equal((await accept(request)).outcome, 'journaled')
    await assert.rejects(wouldMail('taro@example.com'), DatabaseUnavailable)
    await assert.rejects(
      replayJournal(publicParts.journal, createCarryOut(publicParts), assert.ifError),
      DatabaseUnavailable,
    )

    await pages(1_000_000)
    assert.equal(await replayJournal(publicParts.journal, createCarryOut(publicParts), assert.ifError), 1)
    assert.equal(await wouldMail('taro@example.com'), false)

    // Another process has recorded a later wish to stop than the resumption that waited here.
    const resume = new URL(linkOf('taro@example.com')).pathname.replace(/^\/(\w+)\/-/, '/-/resume/$1/')
    for (const receivedAt of [request.receivedAt - 1, request.receivedAt]) {
      assert.equal(await wouldMail('taro@example.com'), false)
      await publicParts.journal.append({ ...requestTo(resume), receivedAt })
      const carryOut = createCarryOut(publicParts, { isLate: true })
      assert.equal(await replayJournal(publicParts.journal, carryOut, assert.ifError), 1)
    }
    assert.equal(await wouldMail('taro@example.com'), true)
  })
})

describe('the replay of a journal', () => {
  it('keeps the order of one recipient’s requests in a process that knows no class yet', async (t) => {
    const server = await startPostgres()
    t.after(() => server.stop())
    const installation = await install(t, 'postgres', { databaseUrl: server.url })
    const { publicParts } = installation.capabilities
    for (let round = 0; round < 10; round++) {
      // A list that nobody asked for yet.
      const { linkOf, wouldMail, list } = await addTenant(installation)
      const stop = linkOf('taro@example.com')
      const resume = new URL(stop).pathname.replace(/^\/(\w+)\/-/, '/-/resume/$1/')
      const targets = Array.from({ length: 10 }, () => [stop, resume]).flat()
      for (const [index, target] of targets.entries()) {
        await publicParts.journal.append({ ...requestTo(target), receivedAt: NOON + index })
      }
      await replayJournal(publicParts.journal, createCarryOut(publicParts), assert.ifError)
      assert.equal(await wouldMail('taro@example.com'), true)
      const events = await eventsOf(installation, list.id)
      assert.deepEqual(
        events.map(({ kind }) => kind),
        targets.map((target) => (target === stop ? 'stop' : 'resume')),
      )
    }
  })
})

function requestTo(url: string): PublicRequest {
  const target = readTarget(url.replace(/^https?:\/\/[^/]*/, ''), '')
  assert.ok(target)
  return { target, receivedAt: NOON, evidence: EVIDENCE, source: 'one-click' }
}

async function eventsOf({ capabilities: { database } }: Installation, listId: number) {
  return database.read(
    database.query
      .selectFrom('event')
      .select(['kind', 'address', 'reason', 'source', 'message_id', 'older_mail', 'evidence_json'])
      .where('list_id', '=', listId)
      .orderBy('recorded_at'),
  )
}

async function partsOf({ capabilities: { database } }: Installation, listId: number) {
  return database.read(
    database.query
      .selectFrom('opaque_request')
      .selectAll()
      .where('list_id', '=', listId)
      .orderBy('day')
      .orderBy('part'),
  )
}

async function fillWithParts(
  { capabilities: { database } }: Installation,
  listId: number,
  day: string,
  count: number,
): Promise<void> {
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n`
  const insert = `insert into opaque_request (list_id, day, part, received_at, evidence_json)
    select ${listId}, '${day}', '/' || i, 0, '{}' from (${numbers}) as numbers`
  await database.transact([{ compile: () => sql.raw(insert).compile(database.query) }])
}
