import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { readErrorCounts } from '../../../src/bounces/acting/error-count.ts'
import type { EngineName } from '../../../src/storage/database.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { addTenant, type Installation, install, type Tenant } from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'
import type { PostgresCluster } from '../../support/postgres-cluster.ts'
import { startServerProcess } from '../../support/server-process.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import type { Lifetime } from '../../support/temp-dir.ts'
import { startScriptedRelay } from '../relay/scripted-relay.ts'
import { messagesOf, settled, someDelivery } from '../some-delivery.ts'

const LEASE_MS = 30_000
const KEYS = `${randomBytes(32).toString('base64')}`

describe('two workers on one PostgreSQL', () => {
  it('send every message once, also when one of them stops in the middle', async (t) => {
    const { url: databaseUrl, stop } = await startPostgres()
    t.after(stop)
    const sink = await startSmtpSink()
    t.after(() => sink.close())
    const env = { KAIJO_RELAY_URL: sink.url, KAIJO_SECRET_KEYS: KEYS }
    const one = await install(t, 'postgres', { databaseUrl, env, serves: 'worker' })
    const other = await install(t, 'postgres', { databaseUrl, env, serves: 'worker' })
    const tenant = await addTenant(one)
    const names = addresses(900)
    const deliveries = await Promise.all(
      [one, other, one].map(({ capabilities }, index) =>
        capabilities.acceptDelivery(someDelivery(tenant, names.slice(300 * index, 300 * (index + 1)))),
      ),
    )
    await sink.waitFor(200)
    await one.close()
    other.time.now += LEASE_MS
    other.capabilities.handOff.wake()
    for (const { id } of deliveries) {
      const rows = await settled(other.capabilities, id, 'sent')
      assert.ok(rows.every(({ attempts }) => attempts === 1))
    }
    assert.deepEqual(recipientsOf(sink), names.toSorted())
  })
})

for (const engine of ['sqlite', 'postgres'] as const) {
  describe(`a worker that dies on ${engine}`, () => {
    const when = engine === 'postgres' ? 'once its lease has lapsed' : 'at once: nobody else can be at work'
    it(`leaves what it had claimed to the next one, ${when}`, async (t) => {
      const sink = await startSmtpSink()
      t.after(() => sink.close())
      const { installation, tenant, env, again } = await prepared(t, engine, sink)
      const names = addresses(50)
      const { id } = await installation.capabilities.acceptDelivery(someDelivery(tenant, names))
      await installation.close()

      let stalled = 0
      sink.setReply((stage) => {
        if (stage === 'data') stalled++
        return stage === 'data' ? 'stall' : undefined
      })
      const server = await startServerProcess(env)
      t.after(server.kill)
      while (stalled < 5) await sleep(10)
      // Whatever is due has been claimed by then.
      await sleep(500)
      await server.kill()
      assert.equal(sink.messages.length, 0)
      sink.setReply(() => undefined)

      const next = await again(Date.now() + LEASE_MS - 10_000)
      if (engine === 'postgres') {
        await sleep(200)
        assert.deepEqual(
          [...new Set((await messagesOf(next.capabilities, id)).map(({ state }) => state))],
          ['sending'],
        )
        next.time.now += 10_000 + LEASE_MS
        next.capabilities.handOff.wake()
      }
      const rows = await settled(next.capabilities, id, 'sent')
      assert.ok(rows.every(({ attempts }) => attempts === 2))
      assert.deepEqual(recipientsOf(sink), names.toSorted())
    })
  })
}

describe('a worker whose database goes away', () => {
  it('writes its results once the database is back, and sends nothing twice', async (t) => {
    const { server, relay, taken } = await losingDatabase(t, '250 2.0.0 taken')
    const installation = await install(t, 'postgres', {
      databaseUrl: server.url,
      serves: 'worker',
      env: { KAIJO_RELAY_URL: `smtp://127.0.0.1:${relay.port}` },
    })
    const { capabilities } = installation
    const tenant = await addTenant(installation)
    const { id } = await capabilities.acceptDelivery(someDelivery(tenant, addresses(40)))
    while (taken() < 40) await sleep(10)
    await sleep(700)
    await server.start()
    const rows = await settled(capabilities, id, 'sent')
    assert.ok(rows.every(({ attempts, reply }) => attempts === 1 && reply === '250 2.0.0 taken'))
    assert.equal(taken(), 40)
  })
})

describe('a worker that dies while its database is away', () => {
  it('sends nothing again that the relay had taken', async (t) => {
    const { server, relay, taken } = await losingDatabase(t, '250 2.0.0 taken')
    const installation = await install(t, 'postgres', { databaseUrl: server.url })
    const tenant = await addTenant(installation)
    const { id } = await installation.capabilities.acceptDelivery(someDelivery(tenant, addresses(5)))
    const next = await afterDeath(t, installation, { server, relay, results: 5 })
    const rows = await settled(next.capabilities, id, 'sent')
    assert.ok(rows.every(({ attempts, reply }) => attempts === 1 && reply === '250 2.0.0 taken'))
    assert.equal(taken(), 5)
  })

  it('holds against the recipient, once, what the relay had refused', async (t) => {
    const { server, relay, taken } = await losingDatabase(t, '552 5.2.2 over quota')
    const installation = await install(t, 'postgres', { databaseUrl: server.url })
    const tenant = await addTenant(installation)
    const names = addresses(3)
    const { id } = await installation.capabilities.acceptDelivery(someDelivery(tenant, names))
    const next = await afterDeath(t, installation, { server, relay, results: 3 })
    await settled(next.capabilities, id, 'failed')
    assert.equal(taken(), 3)
    const { database, clock } = next.capabilities
    const hardBounces = await resolveList(database, tenant.service.id, 'hard-bounces')
    const counting = { service: tenant.service, hardBounces }
    const counts = await readErrorCounts(database, counting, names, clock())
    assert.deepEqual(
      [...counts.values()].map(({ count }) => count),
      [1, 1, 1],
    )
  })
})

/** A database that goes away while the first mail is with the relay, which answers all of them with `reply` once it is gone. */
async function losingDatabase(t: Lifetime, reply: string) {
  const server = await startPostgres({ dedicated: true })
  t.after(() => server.stop())
  let away: Promise<void> | undefined
  let taken = 0
  const relay = await startScriptedRelay(t, async (command) => {
    if (command !== '.') return undefined
    taken++
    away ??= server.stop()
    await away
    return reply
  })
  return { server, relay, taken: () => taken }
}

/**
 * Goes on with the installation in a process that is killed once it has written so many results on its disk; answers what begins with
 * these when the database is back.
 */
async function afterDeath(
  t: Lifetime,
  installation: Installation,
  { server, relay, results }: { server: PostgresCluster; relay: { port: number }; results: number },
): Promise<Installation> {
  const { dataDir } = installation
  await installation.close()
  const env = { KAIJO_RELAY_URL: `smtp://127.0.0.1:${relay.port}` }
  const worker = await startServerProcess({
    ...env,
    KAIJO_DATA_DIR: dataDir,
    KAIJO_DATABASE_URL: server.url,
  })
  t.after(worker.kill)
  const file = join(dataDir, 'results', 'requests.ndjson')
  const kept = () => (existsSync(file) ? (readFileSync(file, 'utf8').match(/^\{/gm) ?? []).length : 0)
  while (kept() < results) await sleep(10)
  await worker.kill()
  await server.start()
  const now = Date.now() + LEASE_MS
  return install(t, 'postgres', { databaseUrl: server.url, dataDir, now, serves: 'worker', env })
}

interface Prepared {
  installation: Installation
  tenant: Tenant
  /** The settings of another process on the same data. */
  env: NodeJS.ProcessEnv
  /** Opens it again, with a worker, at a time. */
  again(now: number): Promise<Installation>
}

async function prepared(t: Lifetime, engine: EngineName, { url }: SmtpSink): Promise<Prepared> {
  const database = engine === 'postgres' ? await startPostgres() : undefined
  const given = database && { databaseUrl: database.url }
  const installation = await install(t, engine, { ...given, now: Date.now() })
  if (database) t.after(database.stop)
  const { dataDir } = installation
  return {
    installation,
    tenant: await addTenant(installation),
    env: {
      KAIJO_DATA_DIR: dataDir,
      KAIJO_RELAY_URL: url,
      ...(database && { KAIJO_DATABASE_URL: database.url }),
    },
    again: (now) =>
      install(t, engine, { ...given, dataDir, now, serves: 'worker', env: { KAIJO_RELAY_URL: url } }),
  }
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `r${index}@example.com`)
}

function recipientsOf({ messages }: SmtpSink): string[] {
  return messages.flatMap(({ to }) => to).toSorted()
}
