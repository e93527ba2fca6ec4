import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { setErrorCounts } from '../../src/bounces/acting/error-count.ts'
import type { Database } from '../../src/storage/database.ts'
import { createImportSubscribers } from '../../src/subscribers/import/import-subscribers.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { tracesOf } from '../storage/traces-of.ts'
import { forEachEngine } from '../support/engines.ts'
import { sharedInstallation } from '../support/installation.ts'
import { type Lifetime, tempDir } from '../support/temp-dir.ts'
import { eraseAndImport, holding, person } from './erasing.ts'

forEachEngine(({ name: engine }) => {
  const shared = sharedInstallation(engine)

  const begin = (t: Lifetime) => eraseAndImport(t, shared())

  for (const [what, pattern] of [
    ['rejects', /insert into "import_reject"/],
    ['rows', /insert into "import_chunk"/],
  ] as const) {
    it(`who is erased while the ${what} of a file are being stored is not kept by it`, async (t) => {
      const world = await begin(t)
      const name = `stored-${what}`
      const hold = holding(world.database, pattern)
      const receiving = world.receive(`email\n${name}@example.jp\n"Me <${name}@example.jp>; you"\n`, {
        through: hold.database,
      })
      await hold.reached
      await world.erase(name)
      hold.go()
      const { id } = await receiving
      assert.deepEqual(await tracesOf(world.database, new RegExp(name)), [])
      await world.apply(id)
      await world.nothingKnows(name)
    })
  }

  it('who is erased before a file comes, or once it waits, is not kept by it either', async (t) => {
    const world = await begin(t)
    await world.erase('earlier')
    const { id } = await world.receive(
      'email\nearlier@example.jp\nlater@example.jp\nx earlier@example.jp\n',
      {
        fileName: 'later@example.jp.csv',
      },
    )
    await world.erase('later')
    assert.deepEqual(await tracesOf(world.database, /earlier|later/), [])
    await world.apply(id)
    await world.nothingKnows('earlier')
    await world.nothingKnows('later')
  })

  it('who was erased before a file comes is never written, be it for a moment', async (t) => {
    const world = await begin(t)
    await world.erase('long-gone')
    const hold = holding(world.database, /update "import" set "state"/)
    const receiving = world.receive(
      'email\nA@example.jp\nLong-Gone@example.jp\nz@example.jp\nx long-gone@example.jp\n',
      { through: hold.database, fileName: 'without long-gone@example.jp.csv' },
    )
    await hold.reached
    assert.deepEqual(await tracesOf(world.database, /long-gone/i), [])
    hold.go()
    const { id } = await receiving
    await world.apply(id)
    await world.nothingKnows('long-gone')
    const { file_name, ...counts } = await importRow(world.database, id)
    assert.match(file_name ?? '', /^erased:/)
    assert.match(await rejectText(world.database, id), /^erased:/)
    assert.deepEqual(counts, { rows_read: 4, skipped: 1, repeated: 0, recipients: 3, applied: 3, changed: 3 })
  })

  it('of an export of another system what it says of them is left out too', async (t) => {
    const world = await begin(t)
    const file = [
      'status,reason,email,created',
      '5.1.1,550 no kept-out@example.jp here,kept-out@example.jp,1790000000',
      '5.1.1,550 no other@example.jp here,other@example.jp,1790000000',
      '4.2.2,452 kept-out@example.jp is full,Kept-Out@example.jp,1790000001',
    ]
    const routing = {
      list: undefined,
      unsubscribes: undefined,
      filters: [],
      timeZone: 'UTC',
      lifetimes: {},
      newLifetime: null,
    }
    await world.erase('kept-out')
    const { id } = await world.receive(file.join('\n'), { listName: 'auto', routing })
    assert.deepEqual(await tracesOf(world.database, /kept-out/i), [])
    await world.apply(id)
    await world.nothingKnows('kept-out')
    assert.equal((await tracesOf(world.database, /stop .*550 no other@/)).length, 1)
  })

  it('who is erased when everything was looked through, and nothing waits yet, is not kept', async (t) => {
    const world = await begin(t)
    const hold = holding(world.database, /update "import" set "state"/)
    const receiving = world.receive('email\nlooked-past@example.jp\n"x looked-past@example.jp"\n', {
      through: hold.database,
    })
    await hold.reached
    await world.erase('looked-past')
    hold.go()
    const { id } = await receiving
    assert.deepEqual(await tracesOf(world.database, /looked-past/), [])
    await world.apply(id)
    await world.nothingKnows('looked-past')
  })

  it('of two people who are erased while a file comes neither is written back for the other', async (t) => {
    const world = await begin(t)
    const storing = holding(world.database, /insert into "import_chunk"/)
    const masking = holding(storing.database, /update "import_chunk"/)
    const receiving = world.receive('email\nfirst-of-pair@example.jp\nsecond-of-pair@example.jp\n', {
      through: masking.database,
    })
    await storing.reached
    await world.erase('first-of-pair')
    storing.go()
    await masking.reached
    await world.erase('second-of-pair')
    masking.go()
    const { id } = await receiving
    assert.deepEqual(await tracesOf(world.database, /of-pair/), [])
    await world.apply(id)
    await world.nothingKnows('first-of-pair')
    await world.nothingKnows('second-of-pair')
  })

  for (const dryRun of [false, true]) {
    it(`${dryRun ? 'a trial' : 'an import'} that an earlier release left waiting brings nobody back`, async (t) => {
      const world = await begin(t)
      const { database } = world
      const name = `left-waiting-${dryRun}`
      const { id } = await world.receive('email\nb@example.jp\nnobody\n', { dryRun, fileName: 'x.csv' })
      await world.erase(name)
      await database.transact([
        database.query
          .updateTable('import_chunk')
          .set({
            rows_json: JSON.stringify([['b@example.jp'], [`${name}@example.jp`, `${name}@Example.jp`]]),
          })
          .where('import_id', '=', id),
        database.query
          .updateTable('import_reject')
          .set({ text: `x ${name}@example.jp`, reason: `${name}@example.jp is no address`, found_json: null })
          .where('import_id', '=', id),
        database.query
          .updateTable('import')
          .set({ masked: 0, file_name: `${name}@example.jp.csv` })
          .where('id', '=', id),
      ])
      await world.apply(id)
      assert.deepEqual(await tracesOf(database, new RegExp(name)), [])
      if (!dryRun) await world.nothingKnows(name)
      assert.match((await importRow(database, id)).file_name ?? '', /^erased:/)
      assert.match(await rejectText(database, id), /^erased:/)
    })
  }

  it('who is erased while a trial looks for whom it would change is not in its sample', async (t) => {
    const world = await begin(t)
    const { id } = await world.receive('email\nsampled@example.jp\n', { dryRun: true })
    const hold = holding(world.database, /sample_json/)
    const applying = world.apply(id, hold.database)
    await hold.reached
    await world.erase('sampled')
    hold.go()
    await applying
    assert.deepEqual(await tracesOf(world.database, /sampled/), [])
  })

  it('two people of one file who are erased at once are both taken out of it', async (t) => {
    const world = await begin(t)
    const { id } = await world.receive('email\none-of-two@example.jp\nother-of-two@example.jp\n')
    const hold = holding(world.database, /update "import_chunk"/)
    const erasing = world.erase('one-of-two', hold.database)
    await hold.reached
    await world.erase('other-of-two')
    hold.go()
    await erasing
    assert.deepEqual(await tracesOf(world.database, /of-two/), [])
    await world.apply(id)
    await world.nothingKnows('one-of-two')
    await world.nothingKnows('other-of-two')
  })

  it('who is erased while a file of subscribers is being written is none of them, nor named by one', async (t) => {
    const world = await begin(t)
    const hold = holding(world.database, /insert into "subscriber"/)
    const { clock, erased, tenant } = world
    const rows = ['email,user_id,friend', 'enlisted@example.jp,7,', 'b@example.jp,8,of enlisted@example.jp']
    const importing = createImportSubscribers({
      database: hold.database,
      clock,
      erased,
      directory: tempDir(t),
    })(Readable.from([Buffer.from(rows.join('\n'))]), {
      service: tenant.service,
      membership: 'joined',
    })
    await hold.reached
    await world.erase('enlisted')
    hold.go()
    const { imported, erased: left } = await importing
    assert.deepEqual([imported, left], [1, 1])
    assert.deepEqual(await tracesOf(world.database, /enlisted/), [])
  })

  it('the error count of who was erased is set under the hash, whoever sets it', async (t) => {
    const world = await begin(t)
    await world.erase('counted')
    const { service } = world.tenant
    const hardBounces = await resolveList(world.database, service.id, 'hard-bounces')
    await setErrorCounts(world, { service, hardBounces }, [{ recipient: person('counted'), count: 99 }], {
      at: world.clock(),
      source: 'api',
    })
    await world.nothingKnows('counted')
  })

  if (engine === 'postgres') {
    it('an erasure waits for the chunk that is being carried out, and finds what came of it', async (t) => {
      const world = await begin(t)
      const { id } = await world.receive('email\nunder-way@example.jp\n')
      const applying = world.apply(id, takingTime(world.database))
      while (!(await isTakingTime(world.database))) await sleep(10)
      await world.erase('under-way')
      await applying
      await world.nothingKnows('under-way')
    })
  }
})

const pause = sql`select pg_sleep(3)`

/** PostgreSQL that takes longer for what is carried out than an erasure takes in all. */
function takingTime(database: Database): Database {
  return {
    ...database,
    transact: async (statements) => {
      const isMeant = statements.some((statement) => /"suppression"/.test(statement.compile().sql))
      const slow = isMeant ? [{ compile: () => pause.compile(database.query) }] : []
      return (await database.transact([...statements, ...slow])) as never
    },
  }
}

async function isTakingTime(database: Database): Promise<boolean> {
  const found = sql`select 1 from pg_stat_activity
    where datname = current_database() and query like '%pg_sleep(3)' and state = 'active'`
  return (await database.read({ compile: () => found.compile(database.query) })).length > 0
}

async function importRow(database: Database, id: number) {
  const [row] = await database.read(
    database.query
      .selectFrom('import')
      .innerJoin('import_part', 'import_part.import_id', 'import.id')
      .select(['file_name', 'rows_read', 'skipped', 'repeated', 'import.recipients', 'applied', 'changed'])
      .where('id', '=', id),
  )
  assert.ok(row)
  return { ...row }
}

async function rejectText(database: Database, id: number): Promise<string> {
  const rejects = database.query.selectFrom('import_reject').select('text').where('import_id', '=', id)
  const [reject] = await database.read(rejects)
  return reject?.text ?? ''
}
