import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { purgeImports } from '../../../src/imports/discard.ts'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { forEachEngine } from '../../support/engines.ts'
import { startNativeApi, VIEWER_KEY } from './native-api.ts'

const IMPORTS = '/services/10/imports'
const CSV = { 'content-type': 'text/csv' }
const ENDED = ['done', 'cancelled', 'failed', 'undone']

type World = Awaited<ReturnType<typeof startNativeApi>>

forEachEngine((engine) => {
  it('a file is applied to a list, with counts, history, rejects and an audit entry', async (t) => {
    const world = await startNativeApi(t, { engine })
    await stop(world, 'hard-bounces', 'b@example.jp')
    const file = 'email\nA@example.jp\nb@example.jp\nnobody\n"x,y"\na@EXAMPLE.jp\n'
    const { body: view } = await applied(world, 'list=hard-bounces&action=add&name=old.csv', file)
    assert.deepEqual(
      [view.state, view.list, view.action, view.fileName, view.createdBy, view.bytes, view.encoding],
      ['done', 'hard-bounces', 'add', 'old.csv', 'api:admin', file.length, 'utf-8'],
    )
    assert.match(view.sha256, /^[0-9a-f]{64}$/)
    assert.deepEqual(view.rows, {
      read: 5,
      skipped: 2,
      repeated: 1,
      applied: 2,
      changed: 1,
      unchanged: 1,
      lapsed: 0,
    })
    assert.deepEqual(await excluded(world, 'a@example.jp', 'b@example.jp', 'c@example.jp'), [
      'a@example.jp hard-bounces listed',
      'b@example.jp hard-bounces listed',
    ])
    const rejects = await world.call('GET', `${IMPORTS}/${view.id}/rejects`)
    assert.equal(
      rejects.text,
      'row,text,reason,code\r\n4,nobody,this is not a mail address,malformed-address\r\n5,"x,y",this is not a mail address,malformed-address\r\n',
    )
    const inJapanese = await world.call(
      'GET',
      `${IMPORTS}/${view.id}/rejects?language=ja&bom=true&formulas=neutral`,
    )
    assert.equal(
      inJapanese.text.replace('\ufeff', ''),
      '行,内容,理由,コード\r\n4,nobody,メールアドレスの形式が正しくありません,malformed-address\r\n5,"x,y",メールアドレスの形式が正しくありません,malformed-address\r\n',
    )
    const forExcel = await world.call('GET', `${IMPORTS}/${view.id}/rejects?bom=true&formulas=neutral`)
    assert.equal(forExcel.text, `\ufeff${rejects.text}`)
    const history = await world.call('GET', IMPORTS)
    assert.deepEqual(history.body, { items: [view], next: null })
    const { body: audit } = await world.call('GET', '/audit')
    assert.deepEqual(
      [audit.items[0].action, audit.items[0].subject, audit.items[0].detail.id],
      ['import.create', 'hard-bounces', view.id],
    )
    const { body: timeline } = await world.call('POST', '/services/10/timeline', { address: 'a@example.jp' })
    assert.deepEqual([timeline.events[0].source, timeline.events[0].reason], ['import', 'listed'])
  })

  it('addresses are made deliverable again, from text too, and stay in the list as such', async (t) => {
    const world = await startNativeApi(t, { engine })
    await stop(world, 'sender:news@example.com', 'a@example.jp', 'b@example.jp')
    // As while the file waits for its turn.
    world.time.now += 1
    await stop(world, 'sender:news@example.com', 'later@example.jp')
    world.time.now -= 1
    const query = 'list=sender:news@example.com&action=remove&format=text&name=again.txt'
    const file = 'a@example.jp\r\nc@example.jp\r\nlater@example.jp\r\n'
    const { body: trial } = await applied(world, `${query}&dryRun=true`, file)
    assert.deepEqual(trial.sample, [{ address: 'a@example.jp', now: 'excluded' }])
    const { body: view } = await applied(world, query, file)
    assert.deepEqual(view.rows, {
      read: 3,
      skipped: 0,
      repeated: 0,
      applied: 3,
      changed: 1,
      unchanged: 2,
      lapsed: 0,
    })
    assert.deepEqual(await excluded(world, 'a@example.jp', 'b@example.jp', 'later@example.jp'), [
      'b@example.jp sender:news@example.com listed',
      'later@example.jp sender:news@example.com listed',
    ])
  })

  it('a dry run tells what would change, with a sample, and changes nothing', async (t) => {
    const world = await startNativeApi(t, { engine })
    await stop(world, 'blocklist', 'b@example.jp', 'd@example.jp')
    await world.call('POST', '/services/10/suppressions/resume', {
      list: 'blocklist',
      addresses: ['d@example.jp'],
    })
    const file = 'email\na@example.jp\nb@example.jp\nd@example.jp\n'
    const { body: adding } = await applied(world, 'list=blocklist&action=add&dryRun=true', file)
    assert.deepEqual([adding.rows.changed, adding.rows.unchanged], [2, 1])
    assert.deepEqual(adding.sample, [
      { address: 'a@example.jp', now: 'not-listed' },
      { address: 'd@example.jp', now: 'deliverable' },
    ])
    const { body: removing } = await applied(world, 'list=blocklist&action=remove&dryRun=true', file)
    assert.deepEqual(removing.sample, [{ address: 'b@example.jp', now: 'excluded' }])
    assert.deepEqual(await excluded(world, 'a@example.jp', 'b@example.jp', 'd@example.jp'), [
      'b@example.jp blocklist blocked',
    ])
    const undoing = await world.call('POST', `${IMPORTS}/${adding.id}/undo`)
    assert.deepEqual([undoing.status, undoing.body.code], [409, 'wrong-state'])
  })

  it('undoing puts back what the import changed and nobody has changed since', async (t) => {
    const world = await startNativeApi(t, { engine })
    const list = 'sender:news@example.com'
    await stop(world, list, 'before@example.jp', 'resumed@example.jp')
    await resume(world, list, 'resumed@example.jp')
    world.time.now += 1_000
    const everyone = ['before', 'resumed', 'new', 'later', 'again', 'replayed'].map(
      (name) => `${name}@example.jp`,
    )
    const askedAt = world.time.now
    world.time.now += 1_000
    const { body: view } = await applied(world, `list=${list}&action=add`, `email\n${everyone.join('\n')}\n`)
    assert.equal(view.rows.changed, 5)
    world.time.now += 1_000
    await replay(world, list, 'replayed@example.jp', askedAt)
    await resume(world, list, 'later@example.jp')
    await stop(world, list, 'again@example.jp')
    world.time.now += 1_000
    const { body: undone } = await undo(world, view.id)
    assert.deepEqual([undone.state, undone.undo], ['undone', { undone: 2, left: 3 }])
    assert.deepEqual(await excluded(world, ...everyone), [
      `before@example.jp ${list} listed`,
      `again@example.jp ${list} listed`,
      `replayed@example.jp ${list} unsubscribed`,
    ])
    const { body: found } = await world.call('POST', '/services/10/suppressions/search', { list })
    assert.ok(!found.items.some(({ address }: { address: string }) => address === 'new@example.jp'))
    assert.equal((await world.call('POST', `${IMPORTS}/${view.id}/undo`)).body.code, 'wrong-state')
    // Whoever comes again afterwards is as new.
    world.time.now += 1_000
    await stop(world, list, 'new@example.jp')
    assert.deepEqual(await excluded(world, 'new@example.jp'), [`new@example.jp ${list} listed`])
  })

  it('undoing a removal excludes again, with the reason and the time of before', async (t) => {
    const world = await startNativeApi(t, { engine })
    await stop(world, 'complaints', 'a@example.jp')
    const [before] = (await search(world)).items
    world.time.now += 5_000
    const { body: view } = await applied(world, 'list=complaints&action=remove', 'email\na@example.jp\n')
    assert.equal((await search(world)).items[0].active, false)
    world.time.now += 5_000
    await undo(world, view.id)
    assert.deepEqual((await search(world)).items, [before])
    const { body: timeline } = await world.call('POST', '/services/10/timeline', { address: 'a@example.jp' })
    assert.deepEqual(
      timeline.events.map((event: { kind: string; reason: string }) => [event.kind, event.reason]),
      [
        ['stop', 'complaint'],
        ['resume', 'resume'],
        ['stop', 'complaint'],
      ],
    )
  })

  it('an import of many chunks counts every row once, and can be cancelled in between', async (t) => {
    const world = await startNativeApi(t, { engine })
    const names = Array.from({ length: 30_000 }, (_, index) => `r${index}@example.jp`)
    const { body } = await post(world, 'list=blocklist&action=add', `email\n${names.join('\n')}\n`)
    const cancelled = await world.call('POST', `${IMPORTS}/${body.id}/cancel`)
    assert.equal(cancelled.body.state, 'cancelled')
    await sleep(100)
    const { body: after } = await world.call('GET', `${IMPORTS}/${body.id}`)
    assert.ok(after.rows.applied < 30_000)
    assert.equal(after.rows.changed, after.rows.applied)
    assert.equal((await world.call('POST', `${IMPORTS}/${body.id}/cancel`)).body.code, 'wrong-state')
    const { body: whole } = await applied(world, 'list=blocklist&action=add', `email\n${names.join('\n')}\n`)
    assert.deepEqual([whole.rows.applied, whole.rows.changed], [30_000, 30_000 - after.rows.applied])
    await undo(world, whole.id)
    await undo(world, body.id)
    assert.deepEqual(await excluded(world, ...names.slice(0, 5_000)), [])
  })

  it('the same file is refused while it is under way for the list, and taken afterwards', async (t) => {
    const world = await startNativeApi(t, { engine })
    const file = `email\n${Array.from({ length: 20_000 }, (_, index) => `r${index}@example.jp`).join('\n')}\n`
    const answers = await Promise.all([1, 2].map(() => post(world, 'list=blocklist&action=add', file)))
    const codes = answers.map(({ status, body }) => (status === 202 ? 'taken' : body.code))
    assert.deepEqual(codes.toSorted(), ['same-import', 'taken'])
    await ended(world, answers.find(({ status }) => status === 202)?.body.id)
    assert.equal((await applied(world, 'list=blocklist&action=add', file)).body.rows.unchanged, 20_000)
  })

  it('a stop list is made for an address that is no one-click sender, but not by a bad file or a dry run', async (t) => {
    const world = await startNativeApi(t, { engine })
    const query = 'list=sender:old@example.com&action=add'
    assert.equal((await post(world, query, 'mail\na@example.jp\n')).body.code, 'unreadable-file')
    assert.equal((await applied(world, `${query}&dryRun=true`, 'email\na@example.jp\n')).body.rows.changed, 1)
    const addresses = async () =>
      (await world.call('GET', '/services/10/senders')).body.items.map(
        ({ address, oneClick }: { address: string; oneClick: boolean }) => [address, oneClick],
      )
    assert.deepEqual(await addresses(), [['news@example.com', true]])
    await applied(world, query, 'email\na@example.jp\n')
    assert.deepEqual(await addresses(), [
      ['news@example.com', true],
      ['old@example.com', false],
    ])
    const check = { from: 'old@example.com', recipients: ['a@example.jp'] }
    const { body } = await world.call('POST', '/services/10/check', check)
    assert.equal(body.excluded[0].list, 'sender:old@example.com')
    const removing = await post(world, 'list=sender:none@example.com&action=remove', 'email\na@example.jp\n')
    assert.equal(removing.body.code, 'unknown-list')
  })

  it('what is wrong with a file is told, and nothing is left of it', async (t) => {
    const world = await startNativeApi(t, { engine })
    for (const [query, content, status, code, detail] of [
      ['list=blocklist&action=add', 'mail\n', 400, 'unreadable-file', /no column email/],
      ['list=blocklist&action=add&name=x.txt', 'email\na@example.jp\n', 400, 'invalid-value', /\.csv/],
      ['list=blocklist&action=add&encoding=klingon', 'email\na@example.jp\n', 400, 'invalid-value', /label/],
      ['list=blocklist&action=put', 'email\na@example.jp\n', 400, 'invalid-value', /add/],
      [
        'list=nothing&action=add',
        'email\na@example.jp\n',
        400,
        'invalid-value',
        /^must be sender:ADDRESS, .* blocklist or auto$/,
      ],
      ['list=filter:None&action=add', 'email\na@example.jp\n', 404, 'unknown-list', /filter:None/],
      ['list=x&action=remove', 'email\na@example.jp\n', 400, 'invalid-value', /complaints or blocklist$/],
      ['list=blocklist&action=add', Buffer.alloc(104_857_601, 'a'), 413, 'too-large', /byte 104857601/],
    ] as const) {
      const answer = await post(world, query, content)
      assert.deepEqual([answer.status, answer.body.code], [status, code])
      assert.match(answer.body.detail, detail)
    }
    // What curl says of a file unless told otherwise.
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const untold = await world.call('POST', `${IMPORTS}?list=blocklist&action=add`, 'email\n', form)
    assert.equal(untold.status, 415)
    assert.match(untold.body.detail, /text\/csv, text\/plain, application\/octet-stream$/)
    const json = await world.call('POST', `${IMPORTS}?list=blocklist&action=add`, { email: 'a@example.jp' })
    assert.equal(json.status, 400)
    assert.deepEqual((await world.call('GET', IMPORTS)).body.items, [])
    assert.equal((await world.call('GET', `${IMPORTS}/7`)).body.code, 'unknown-import')
    const viewer = { ...CSV, authorization: `Bearer ${VIEWER_KEY}` }
    const refused = await world.call('POST', `${IMPORTS}?list=blocklist&action=add`, 'email\n', viewer)
    assert.equal(refused.status, 403)
  })

  it('an import that is still being taken in can be cancelled once it waits, and says so', async (t) => {
    const world = await startNativeApi(t, { engine })
    const { body: view } = await applied(world, 'list=blocklist&action=add', 'email\na@example.jp\n')
    const { query, transact } = world.database
    const held = { name: `receiving import ${view.id}`, owner: 'another process', epoch: 1, expires_at: 9e15 }
    await transact([
      query.insertInto('lease').values(held),
      query.updateTable('import').set({ state: 'receiving' }).where('id', '=', view.id),
    ])
    const { status, body } = await world.call('POST', `${IMPORTS}/${view.id}/cancel`)
    assert.deepEqual([status, body.code], [409, 'wrong-state'])
    assert.match(body.detail, /still being taken in: it can be cancelled once it is queued/)
    await transact([query.updateTable('import').set({ state: 'queued' }).where('id', '=', view.id)])
  })

  it('what a process left that died while it stored a file is removed', async (t) => {
    const world = await startNativeApi(t, { engine })
    const { body: view } = await applied(world, 'list=blocklist&action=add', 'email\na@example.jp\n')
    const { query, transact, read } = world.database
    await transact([query.updateTable('import').set({ state: 'receiving' }).where('id', '=', view.id)])
    const answer = async () => (await world.call('GET', `${IMPORTS}/${view.id}`)).body.code
    for (let tries = 0; tries < 100 && (await answer()) !== 'unknown-import'; tries++) await sleep(50)
    assert.deepEqual(await read(query.selectFrom('import_chunk').select('number')), [])
    assert.equal(await answer(), 'unknown-import')
  })

  it('after 90 days the rows of an import are gone, its history stays, and it cannot be undone', async (t) => {
    const world = await startNativeApi(t, { engine })
    const { body: view } = await applied(world, 'list=blocklist&action=add', 'email\na@example.jp\nnobody\n')
    assert.equal(await purgeImports(world.database, world.time.now + 90 * DAY_MS), 0)
    world.time.now += 90 * DAY_MS + 1
    const { query, transact, read } = world.database
    // As a purge leaves it that breaks off.
    await transact([query.updateTable('import').set({ kept: 0 }).where('id', '=', view.id)])
    assert.equal(await purgeImports(world.database, world.time.now), 1)
    assert.deepEqual(await read(query.selectFrom('import_chunk').select('number')), [])
    assert.equal(await purgeImports(world.database, world.time.now), 0)
    assert.equal((await world.call('GET', `${IMPORTS}/${view.id}/rejects`)).text, 'row,text,reason,code\r\n')
    assert.equal((await world.call('GET', `${IMPORTS}/${view.id}`)).body.rows.changed, 1)
    const refused = await world.call('POST', `${IMPORTS}/${view.id}/undo`)
    assert.deepEqual([refused.body.code, /90 days/.test(refused.body.detail)], ['wrong-state', true])
  })
})

function post({ call }: World, query: string, content: string | Buffer) {
  return call('POST', `${IMPORTS}?${query}`, content, CSV)
}

async function ended({ call }: World, id: number) {
  for (;;) {
    const answer = await call('GET', `${IMPORTS}/${id}`)
    assert.equal(answer.status, 200, answer.text)
    if (ENDED.includes(answer.body.state)) return answer
    await sleep(10)
  }
}

async function applied(world: World, query: string, content: string | Buffer) {
  const answer = await post(world, query, content)
  assert.equal(answer.status, 202, answer.text)
  return ended(world, answer.body.id)
}

async function undo(world: World, id: number) {
  const answer = await world.call('POST', `${IMPORTS}/${id}/undo`)
  assert.equal(answer.status, 200, answer.text)
  return ended(world, id)
}

async function stop({ call }: World, list: string, ...addresses: string[]) {
  assert.equal((await call('POST', '/services/10/suppressions', { list, addresses })).status, 200)
}

async function resume({ call }: World, list: string, ...addresses: string[]) {
  assert.equal((await call('POST', '/services/10/suppressions/resume', { list, addresses })).status, 200)
}

/** A click of then that the journal hands on only now: the database was away. */
async function replay({ database, recorder }: World, list: string, address: string, requestedAt: number) {
  const { id } = await resolveList(database, 10, list)
  await recorder.record({
    ...{ kind: 'stop', listId: id, recipient: { address, key: address }, requestedAt },
    ...{ reason: 'unsubscribed', source: 'one-click', messageId: null, mailedAt: null, evidence: null },
  })
}

async function search({ call }: World) {
  return (await call('POST', '/services/10/suppressions/search', {})).body
}

/** Who of them a mail from news@example.com would not go to, and why. */
async function excluded({ call }: World, ...recipients: string[]): Promise<string[]> {
  const { body } = await call('POST', '/services/10/check', { from: 'news@example.com', recipients })
  return body.excluded.map(
    ({ address, list, reason }: Record<string, string>) => `${address} ${list} ${reason}`,
  )
}
