import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startImportJob } from '../../src/imports/applying/import-job.ts'
import { NOBODY_ERASED } from '../../src/suppression/erased/erased.ts'
import { startNativeApi } from '../dialects/native/native-api.ts'
import { forEachEngine } from '../support/engines.ts'

const RECIPIENTS = 12_000
const OWN = 'sender:news@example.com'

const everyone = Array.from({ length: RECIPIENTS }, (_, index) => `r${index}@example.jp`)
const half = everyone.slice(0, RECIPIENTS / 2)

forEachEngine((engine) => {
  it('imports into the same lists go in their order, by whichever of several workers', async (t) => {
    const { ids, view, states } = await importing(t, engine)
    const { blocked, spread, again } = ids
    while ((await states()).some((state) => state !== 'done')) await sleep(10)
    const changed = async (id: number) => (await view(id)).rows.changed
    assert.equal(await changed(blocked), RECIPIENTS)
    // On the blocklist they were already, and on the sender's list they were not.
    const { lists } = await view(spread)
    assert.deepEqual(
      lists.map(({ list, changed }: { list: string; changed: number }) => [list, changed]).sort(),
      [
        ['blocklist', 0],
        [OWN, RECIPIENTS / 2],
      ],
    )
    assert.equal(await changed(again), RECIPIENTS / 2)
  })

  it('the history is read page by page while imports begin and go on, each of them once', async (t) => {
    const { ids, call, start, states } = await importing(t, engine)
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await call('GET', `/services/10/imports?limit=1${query}`)
      seen.push(...body.items.map(({ id }: { id: number }) => id))
      await start('list=complaints&action=add', `email\nlate${seen.length}@example.jp`)
      cursor = body.next
    } while (cursor !== null)
    assert.deepEqual(seen, [ids.again, ids.spread, ids.blocked])
    while ((await states()).some((state) => state !== 'done')) await sleep(10)
  })

  it('undoing cannot be called off, nor be undone, and ends', async (t) => {
    const { ids, call, view, states } = await importing(t, engine)
    while ((await states()).some((state) => state !== 'done')) await sleep(10)
    const ask = async (what: string) =>
      (await call('POST', `/services/10/imports/${ids.again}/${what}`)).body.code
    assert.equal(await ask('undo'), undefined)
    assert.equal(await ask('cancel'), 'wrong-state')
    assert.equal(await ask('undo'), 'wrong-state')
    while ((await view(ids.again)).state !== 'undone') await sleep(10)
    assert.deepEqual((await view(ids.again)).undo, { undone: RECIPIENTS / 2, left: 0 })
    assert.equal(await ask('undo'), 'wrong-state')
    assert.equal(await ask('cancel'), 'wrong-state')
  })
})

/** Three imports that want the same list, and three workers. */
async function importing(
  t: Parameters<typeof startNativeApi>[0],
  engine: NonNullable<Parameters<typeof startNativeApi>[1]>['engine'] & object,
) {
  const stops: (() => Promise<void>)[] = []
  // Clean-ups go first come, first served: the workers end before their database does.
  t.after(async () => {
    for (const stop of stops) await stop()
  })
  const world = await startNativeApi(t, { engine })
  const { call, database, time } = world
  for (let workers = 0; workers < 2; workers++) {
    const onError = (error: unknown) => assert.fail(error as Error)
    stops.push(startImportJob({ database, clock: () => time.now, erased: NOBODY_ERASED, onError }).stop)
  }
  const start = async (query: string, text: string): Promise<number> => {
    const headers = { 'content-type': 'text/csv' }
    const { status, body } = await call('POST', `/services/10/imports?${query}`, text, headers)
    assert.equal(status, 202)
    return body.id
  }
  const asked = '2026-11-01T00:00:00Z'
  const rows = half.flatMap((address) => [
    `${address},blocked,${asked},${asked},active,blocklist`,
    `${address},unsubscribed,${asked},${asked},active,${OWN}`,
  ])
  const ids = {
    blocked: await start('list=blocklist&action=add', `email\n${everyone.join('\n')}`),
    spread: await start(
      'list=auto&action=add',
      ['address,reason,since,requestedAt,state,list', ...rows].join('\n'),
    ),
    again: await start('list=blocklist&action=remove', `email\n${half.join('\n')}`),
  }
  const view = async (id: number) => (await call('GET', `/services/10/imports/${id}`)).body
  const states = async () =>
    (await call('GET', '/services/10/imports')).body.items.map(({ state }: { state: string }) => state)
  return { call, ids, start, view, states: states as () => Promise<string[]> }
}
