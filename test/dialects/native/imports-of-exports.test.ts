import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { forEachEngine } from '../../support/engines.ts'
import { FILES, NEWS } from './files-of-other-systems.ts'
import { startNativeApi } from './native-api.ts'

const IMPORTS = '/services/10/imports'

type World = Awaited<ReturnType<typeof startNativeApi>>

forEachEngine((engine) => {
  describe('each row goes to the list of its reason', () => {
    const shared = sharedWorld(engine)
    for (const { name, query = '', file, listed, skipped = [] } of FILES) {
      it(name, async () => {
        const world = shared()
        const trial = await imported(world, `list=auto&action=add&dryRun=true${query}`, file)
        assert.equal(trial.rows.changed, listed.length)
        assert.deepEqual(await everyone(world), [])

        const view = await imported(world, `list=auto&action=add${query}`, file)
        assert.deepEqual(await everyone(world), listed)
        assert.deepEqual(
          [view.list, view.rows.changed, view.rows.skipped],
          ['auto', listed.length, skipped.length],
        )
        assert.deepEqual(
          view.lists.map((part: Json) => part.changed).reduce((a: number, b: number) => a + b, 0),
          listed.length,
        )
        const { text } = await world.call('GET', `${IMPORTS}/${view.id}/rejects`)
        const told = text.split('\r\n').slice(1, -1)
        assert.deepEqual(
          told.map((line) => line.replace(/,[a-z-]+$/, '')),
          skipped,
        )

        const again = await imported(world, `list=auto&action=add${query}`, file)
        assert.equal(again.rows.changed, 0)

        await world.call('POST', `${IMPORTS}/${view.id}/undo`)
        const { undo, lists } = await ended(world, view.id)
        assert.deepEqual(undo, { undone: listed.length, left: 0 })
        assert.ok(lists.every(({ changed, undone }: Json) => changed === undone))
        assert.deepEqual(await everyone(world), [])
      })
    }
  })

  it('what a provider said of a row is kept with its event', async (t) => {
    const world = await startWorld(t, engine)
    await imported(world, 'list=auto&action=add', FILES[0]?.file ?? '')
    const { body } = await world.call('POST', '/services/10/timeline', { address: 'a@example.jp' })
    assert.equal(body.events[0].evidence.body, '550 5.1.1 no, such "user"')
  })

  it('a request that is over by the lifetime of its list excludes nobody, and is the same however often it comes', async (t) => {
    const world = await startWorld(t, engine)
    const file = `送信先アドレス,メッセージID,登録解除日時,配信フラグ\na@example.jp,1,2026-01-01T00:00:00+09:00,0\n`
    const asked = `${file}b@example.jp,2,2026-11-20T00:00:00+09:00,0\n`
    for (const query of [
      'list=auto&sender=news@example.com&dryRun=true',
      'list=sender:new@example.com&dryRun=true',
    ]) {
      const { rows } = await imported(world, `${query}&action=add`, asked)
      assert.deepEqual([rows.applied, rows.lapsed], [2, 1])
    }
    const { rows } = await imported(world, 'list=auto&action=add&sender=news@example.com', file)
    assert.deepEqual([rows.changed, rows.lapsed], [1, 1])
    assert.deepEqual(await everyone(world), [])
    for (const dryRun of [true, false]) {
      const query = `list=auto&action=add&sender=news@example.com&dryRun=${dryRun}`
      assert.equal((await imported(world, query, file)).rows.changed, 0)
    }
    await world.call('PATCH', '/services/10', { lifetimeDays: { sender: null } })
    assert.equal((await everyone(world)).length, 1)
  })

  it('the latest request of a recipient counts, though an older one was recorded behind it', async (t) => {
    const rows = [
      '2026-11-20T00:00:00Z,2026-11-20T00:00:00Z,sender:news@example.com,stop,a@example.jp,listed',
      '2026-11-20T01:00:00Z,2026-01-01T00:00:00Z,sender:news@example.com,stop,a@example.jp,listed',
    ]
    for (const some of [rows, rows.toReversed()]) {
      const world = await startWorld(t, engine)
      const file = `recordedAt,requestedAt,list,kind,address,reason\n${some.join('\n')}\n`
      const { rows: counts } = await imported(world, 'list=auto&action=add', file)
      assert.deepEqual([counts.lapsed, (await everyone(world)).length], [0, 1])
    }
  })

  it('with a list that is named, all rows of an export go there, and a column email is read alone', async (t) => {
    const world = await startWorld(t, engine)
    const bounces =
      'address,code,error,created_at\na@example.jp,550,,2026-11-21 09:30:05\nb@example.jp,421,,\n'
    const view = await imported(world, 'list=blocklist&action=add', bounces)
    assert.deepEqual([view.list, view.format, view.rows.skipped], ['blocklist', 'Mailgun bounces', 1])
    const plain = await imported(
      world,
      'list=complaints&action=add',
      'status,reason,email,created\n4.2.2,full,c@example.jp,1795221005\n',
    )
    assert.equal(plain.format, null)
    assert.deepEqual(await everyone(world), [
      'a@example.jp blocklist blocked 2026-11-21T00:30:05.000Z',
      'c@example.jp complaints complaint 2026-11-25T00:30:00.000Z',
    ])
    await imported(world, 'list=blocklist&action=remove', bounces)
    assert.deepEqual(await everyone(world), ['c@example.jp complaints complaint 2026-11-25T00:30:00.000Z'])
  })

  it('an import of several lists waits for those before it on each of them, and is cancelled as one', async (t) => {
    const world = await startWorld(t, engine)
    const names = Array.from({ length: 20_000 }, (_, index) => `r${index}@example.jp`)
    const first = await post(world, 'list=complaints&action=add', `email\n${names.join('\n')}\n`)
    const rows = names.map((name, index) => `${name},${index % 2 ? 'BOUNCE' : 'COMPLAINT'}`).join('\n')
    const second = await post(world, 'list=auto&action=add', `EmailAddress,Reason\n${rows}\n`)
    const third = await post(world, 'list=hard-bounces&action=remove', `email\n${names.join('\n')}\n`)
    const views = []
    for (const { body } of [first, second, third]) views.push(await ended(world, body.id))
    assert.deepEqual(
      views.map((view) => view.rows.changed),
      [20_000, 10_000, 10_000],
    )
    assert.deepEqual(
      views[1].lists.map(({ list, recipients, changed }: Json) => [list, recipients, changed]),
      [
        ['complaints', 10_000, 0],
        ['hard-bounces', 10_000, 10_000],
      ],
    )
    const fourth = await post(world, 'list=auto&action=add', `EmailAddress,Reason\n${rows}\n`)
    await world.call('POST', `${IMPORTS}/${fourth.body.id}/cancel`)
    const cancelled = await ended(world, fourth.body.id)
    await world.call('POST', `${IMPORTS}/${fourth.body.id}/undo`)
    assert.equal((await ended(world, fourth.body.id)).undo.left, 0)
    assert.equal(cancelled.state, 'cancelled')
  })

  it('a row that nobody knows where to put is told, and nothing is changed', async (t) => {
    const world = await startWorld(t, engine)
    for (const [query, file, code, detail] of [
      ['', 'email,created\na@example.jp,1\n', 'invalid-value', /^row 2 is an unsubscription/],
      [
        '',
        'created,email,filtername\n,a@example.jp,Nothing\n',
        'unknown-filter',
        /^row 2: .* filter Nothing/,
      ],
      ['', 'email\na@example.jp\n', 'unreadable-file', /not that of a known export/],
      ['', 'mail\na@example.jp\n', 'unreadable-file', /no column email/],
      ['&filter=Nothing', 'email,created\na@example.jp,1\n', 'unknown-filter', /Nothing/],
      ['&sender=nobody', 'email,created\na@example.jp,1\n', 'invalid-value', /mail address/],
      ['&sender=a@example.com&filter=Tips', 'email,created\n', 'invalid-value', /beside/],
      ['&format=text', 'a@example.jp\n', 'invalid-value', /csv/],
    ] as const) {
      const answer = await post(world, `list=auto&action=add${query}`, file)
      assert.equal(answer.body.code, code, answer.text)
      assert.match(answer.body.detail, detail)
    }
    assert.match((await post(world, 'list=auto&action=remove', 'email\n')).body.detail, /add/)
    assert.match((await post(world, 'list=blocklist&action=add&filter=Tips', 'email\n')).body.detail, /auto/)
    assert.deepEqual((await world.call('GET', IMPORTS)).body.items, [])
    assert.deepEqual(await everyone(world), [])
  })

  it('what Kaijo exports brings another installation into the same state', async (t) => {
    const [from, to] = [await startWorld(t, engine), await startWorld(t, engine)]
    await fill(from)
    to.time.now = from.time.now
    for (const [name, query] of [
      ['one-click?sender=news@example.com', '&sender=news@example.com'],
      ['unsubscribes', ''],
      ['hard-bounces', ''],
      ['complaints', ''],
      ['blocklist?state=all', ''],
      ['filter?filter=Tips', ''],
    ] as const) {
      const file = await exported(from, name)
      await imported(to, `list=auto&action=add${query}`, file)
      const lines = (text: string) =>
        text
          .split('\r\n')
          .filter((line) => !/resumed|,1$/.test(line))
          .sort()
      // By the way by which it came the two differ, and in nothing else.
      assert.deepEqual(
        lines((await exported(to, name)).replaceAll(',import,', ',api,')),
        lines(file).map((line) => line.replace(/,(one-click),/, ',api,')),
      )
    }
    assert.deepEqual(await everyone(to), await everyone(from))
    for (const name of ['events', 'expiring?days=100']) {
      const third = await startWorld(t, engine)
      third.time.now = from.time.now
      await imported(third, 'list=auto&action=add', await exported(from, name))
      const expected = await everyone(from)
      const expiring = expected.filter((line) => line.includes('sender:'))
      assert.deepEqual(await everyone(third), name === 'events' ? expected : expiring)
    }
    for (const name of ['events', 'unsubscribes', 'hard-bounces']) {
      assert.equal((await imported(from, 'list=auto&action=add', await exported(from, name))).rows.changed, 0)
    }
  })
})

// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any

/** One for all tests of a block, each of which leaves its lists empty. To be called in the block itself. */
function sharedWorld(engine: Json): () => World {
  let world: World | undefined
  const cleanUps: (() => unknown)[] = []
  before(async () => {
    world = await startWorld({ after: (cleanUp) => void cleanUps.push(cleanUp) }, engine)
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })
  return () => world as World
}

async function startWorld(t: Parameters<typeof startNativeApi>[0], engine: Json): Promise<World> {
  const world = await startNativeApi(t, { engine })
  world.time.now += 4 * DAY_MS
  return world
}

/** Something on every list, resumed and renewed ones among them, in whole seconds. */
async function fill(world: World): Promise<void> {
  const { call, time } = world
  const stop = (list: string, ...addresses: string[]) =>
    call('POST', '/services/10/suppressions', { list, addresses })
  const [{ id } = { id: 0 }] = await world.database.read(
    world.database.query
      .selectFrom('list')
      .select('id')
      .where('kind', '=', 'sender')
      .where('service_id', '=', 10),
  )
  const click = (address: string, messageId: string) =>
    world.recorder.record({
      ...{ kind: 'stop', listId: id, recipient: { address, key: address }, requestedAt: time.now },
      ...{ reason: 'unsubscribed', source: 'one-click', messageId, mailedAt: null, evidence: null },
    })
  await click('a@example.jp', '1@example.com')
  await click('b@example.jp', '1@example.com')
  await stop('hard-bounces', 'c@example.jp', 'Ü,x@例え.jp')
  await stop('blocklist', 'd@example.jp', 'e@example.jp')
  await stop('filter:Tips', 'f@example.jp')
  time.now += 1_000
  await stop('complaints', 'c@example.jp')
  await call('POST', '/services/10/suppressions/resume', { list: 'blocklist', addresses: ['e@example.jp'] })
  await call('POST', '/services/10/suppressions/resume', { list: NEWS, addresses: ['b@example.jp'] })
  time.now += 1_000
}

async function exported({ call }: World, name: string): Promise<string> {
  const { status, text } = await call('GET', `/services/10/exports/${name}`)
  assert.equal(status, 200, text)
  return text
}

function post({ call }: World, query: string, content: string | Buffer) {
  return call('POST', `${IMPORTS}?${query}`, content, { 'content-type': 'text/csv' })
}

async function imported(world: World, query: string, content: string | Buffer): Promise<Json> {
  const { status, body, text } = await post(world, query, content)
  assert.equal(status, 202, text)
  return ended(world, body.id)
}

async function ended({ call }: World, id: number): Promise<Json> {
  for (;;) {
    const { body } = await call('GET', `${IMPORTS}/${id}`)
    if (['done', 'cancelled', 'failed', 'undone'].includes(body.state)) return body
    await sleep(5)
  }
}

/** Who is excluded, in the order of their addresses. */
async function everyone({ call }: World): Promise<string[]> {
  const { body } = await call('POST', '/services/10/suppressions/search', { state: 'active' })
  return body.items
    .map(({ address, list, reason, requestedAt }: Json) => `${address} ${list} ${reason} ${requestedAt}`)
    .sort()
}
