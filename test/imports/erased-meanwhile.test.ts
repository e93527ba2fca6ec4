import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { setErrorCounts } from '../../src/bounces/acting/error-count.ts'
import { startImportJob } from '../../src/imports/import-job.ts'
import { createReceiveImport } from '../../src/imports/receive.ts'
import type { Database } from '../../src/storage/database.ts'
import { createErasePerson } from '../../src/subscribers/erase/erase-person.ts'
import { createImportSubscribers } from '../../src/subscribers/import/import-subscribers.ts'
import { resolveList } from '../../src/tenants/list.ts'
import { tracesOf } from '../storage/traces-of.ts'
import { forEachEngine } from '../support/engines.ts'
import { addTenant, sharedInstallation, type Tenant } from '../support/installation.ts'
import { type Lifetime, tempDir } from '../support/temp-dir.ts'

const person = (name: string) => ({
  address: `${name}@example.jp`,
  key: `${name}@example.jp`,
  domain: 'example.jp',
})

/** A database of which one transaction, the first that holds such a statement, waits until it is let go. */
function holding(database: Database, pattern: RegExp) {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  let isHeld = false
  const held: Database = {
    ...database,
    transact: async (statements) => {
      const texts = statements.map((statement) => statement.compile().sql)
      if (!isHeld && texts.some((text) => pattern.test(text))) {
        isHeld = true
        reached.resolve()
        await letGo.promise
      }
      return database.transact(statements)
    },
  }
  return { database: held, reached: reached.promise, go: letGo.resolve }
}

forEachEngine(({ name: engine }) => {
  const shared = sharedInstallation(engine)

  async function begin(t: Lifetime) {
    const { capabilities } = shared()
    const { database, clock, erased } = capabilities
    const tenant = await addTenant(shared())
    const receiving = (through: Database) =>
      createReceiveImport({
        ...{ database: through, clock, erased, directory: tempDir(t), onQueued: () => {} },
        importIds: capabilities.ids.import,
      })
    return {
      ...{ database, clock, erased, tenant },
      receive: (
        file: string,
        { through = database, dryRun = false, format = 'csv' as 'csv' | 'text' } = {},
      ) =>
        receiving(through)(Readable.from([Buffer.from(file)]), {
          ...{ serviceId: tenant.service.id, siteId: tenant.service.siteId, listName: 'x', dryRun, format },
          listOf: async () => ({ id: tenant.list.id, name: 'x' }),
          ...{ action: 'add', reason: 'listed', encoding: undefined, routing: undefined },
          ...{ fileName: undefined, createdBy: 'test' },
        }),
      apply: async (id: number, through = database) => {
        const job = startImportJob({
          database: through,
          clock,
          onError: (error) => assert.fail(String(error)),
        })
        const state = database.query.selectFrom('import').select('state').where('id', '=', id)
        while ((await database.read(state))[0]?.state !== 'done') await sleep(10)
        await job.stop()
      },
      erase: (name: string, through = database) =>
        createErasePerson({ database: through, clock, erased, filesWait: () => false })(
          tenant.service.siteId,
          person(name),
        ),
    }
  }

  async function nothingKnows({ database, tenant }: { database: Database; tenant: Tenant }, name: string) {
    assert.deepEqual(await tracesOf(database, new RegExp(name)), [])
    assert.equal(await tenant.wouldMail(person(name).address), false)
  }

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
      await nothingKnows(world, name)
    })
  }

  it('who is erased before a file comes, or once it waits, is not kept by it either', async (t) => {
    const world = await begin(t)
    await world.erase('earlier')
    const { id } = await world.receive('email\nearlier@example.jp\nlater@example.jp\nx earlier@example.jp\n')
    await world.erase('later')
    assert.deepEqual(await tracesOf(world.database, /earlier|later/), [])
    await world.apply(id)
    await nothingKnows(world, 'earlier')
    await nothingKnows(world, 'later')
  })

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
    await nothingKnows(world, 'one-of-two')
    await nothingKnows(world, 'other-of-two')
  })

  it('who is erased while a file of subscribers is being written is none of them', async (t) => {
    const world = await begin(t)
    const hold = holding(world.database, /insert into "subscriber"/)
    const { clock, erased, tenant } = world
    const importing = createImportSubscribers({
      database: hold.database,
      clock,
      erased,
      directory: tempDir(t),
    })(Readable.from([Buffer.from('email,user_id\nenlisted@example.jp,7\nb@example.jp,8\n')]), {
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
    await nothingKnows(world, 'counted')
  })

  if (engine === 'postgres') {
    it('an erasure waits for the chunk that is being carried out, and finds what came of it', async (t) => {
      const world = await begin(t)
      const { id } = await world.receive('email\nunder-way@example.jp\n')
      const applying = world.apply(id, takingTime(world.database))
      while (!(await isTakingTime(world.database))) await sleep(10)
      await world.erase('under-way')
      await applying
      await nothingKnows(world, 'under-way')
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
