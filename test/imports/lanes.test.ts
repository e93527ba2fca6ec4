import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startImportJob } from '../../src/imports/applying/import-job.ts'
import { cancelImport, undoImport } from '../../src/imports/change-import.ts'
import { findImport } from '../../src/imports/import-view.ts'
import type { Database } from '../../src/storage/database.ts'
import { forEachEngine } from '../support/engines.ts'
import { sharedInstallation } from '../support/installation.ts'
import type { Lifetime } from '../support/temp-dir.ts'
import { eraseAndImport } from './erasing.ts'

/** Three parts of 20 chunks and one of one chunk. */
const RECIPIENTS = 152_000

const listOf = (name: string, count: number) =>
  `email\n${Array.from({ length: count }, (_, index) => `${name}${index}@example.jp`).join('\n')}\n`

forEachEngine(({ name: engine }) => {
  const shared = sharedInstallation(engine)

  const begin = async (t: Lifetime) => {
    const world = await eraseAndImport(t, shared())
    const serviceId = world.tenant.service.id
    const view = (id: number) => findImport(world.database, serviceId, id, world.clock())
    const listed = async (id: number) => {
      const [found] = await world.database.read(
        world.database.query
          .selectFrom('event')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('import_id', '=', id),
      )
      return Number(found?.count)
    }
    return { ...world, serviceId, view, listed }
  }

  const atOnce = engine === 'postgres' ? 2 : 1
  it(`${atOnce} of a list's parts are carried out at once, and of each everything`, async (t) => {
    const { database, receive, apply, view, listed } = await begin(t)
    const { id } = await receive(listOf('at-once', RECIPIENTS))
    const counted = countingChunks(database)
    await apply(id, counted.database)
    assert.equal(counted.most(), atOnce)
    const { rows, lists } = await view(id)
    assert.deepEqual([rows.applied, rows.changed, rows.unchanged], [RECIPIENTS, RECIPIENTS, 0])
    assert.deepEqual(lists, [{ list: 'x', recipients: RECIPIENTS, changed: RECIPIENTS, undone: 0 }])
    assert.equal(await listed(id), RECIPIENTS)
  })

  it('while others wait for the database one part at a time goes on', async (t) => {
    const { database, receive, apply, view } = await begin(t)
    const { id } = await receive(listOf('one-by-one', 60_000))
    const counted = countingChunks({ ...database, waiting: () => 9 })
    await apply(id, counted.database)
    assert.equal(counted.most(), 1)
    assert.equal((await view(id)).rows.changed, 60_000)
  })

  it('what some of a file are listed for already stays, wherever in it they are', async (t) => {
    const { receive, apply, view, listed } = await begin(t)
    const first = await receive(listOf('known', 7))
    await apply(first.id)
    // Of the chunks some meet the seven, and most do not.
    const { id } = await receive(`${listOf('known', 20_000)}a@example.jp\nz@example.jp\n`)
    await apply(id)
    assert.deepEqual([(await view(id)).rows.applied, (await view(id)).rows.changed], [20_002, 19_995])
    assert.equal(await listed(id), 19_995)
  })

  it('who cancels waits for the chunks under way; what they did is counted, and can be undone', async (t) => {
    const { database, serviceId, clock, receive, view, listed } = await begin(t)
    const { id } = await receive(listOf('cancelled', RECIPIENTS))
    const counted = countingChunks(database)
    const job = startImportJob({
      ...{ database: counted.database, clock, erased: { ofSite: async () => undefined } },
      onError: (error) => assert.fail(String(error)),
    })
    while (counted.ended() < 3) await sleep(1)
    await cancelImport(database, serviceId, id, clock())
    const { state, rows } = await view(id)
    assert.equal(state, 'cancelled')
    const applied = await listed(id)
    assert.ok(applied > 0 && applied < RECIPIENTS)
    assert.deepEqual([rows.applied, rows.changed], [applied, applied])
    await sleep(100)
    assert.equal(await listed(id), applied, 'nothing is applied after the answer')

    await undoImport(database, serviceId, id, clock())
    job.wake()
    while ((await view(id)).state !== 'undone') await sleep(10)
    await job.stop()
    assert.deepEqual((await view(id)).undo, { undone: applied, left: 0 })
  })
})

/** How many chunks were being carried out at once at most, and have been. */
function countingChunks(database: Database) {
  let [now, most, ended] = [0, 0, 0]
  const counting: Database = {
    ...database,
    transact: async (statements, commit) => {
      const isChunk = statements.some((statement) =>
        /^update "import_part" set "claim"/.test(statement.compile().sql),
      )
      if (!isChunk) return database.transact(statements, commit)
      now++
      most = Math.max(most, now)
      try {
        return await database.transact(statements, commit)
      } finally {
        now--
        ended++
      }
    },
  }
  return { database: counting, most: () => most, ended: () => ended }
}
