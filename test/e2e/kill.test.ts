import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineName } from '../../src/storage/database.ts'
import type { Service } from '../../src/tenants/service.ts'
import { addTenant, type Installation, install } from '../support/installation.ts'
import { startPostgres } from '../support/postgres.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const CLIENTS = 32
const KILLS = 3
const ANSWER_MS = 20_000

/** A POST under way when the server dies has no answer; one that was answered has been carried out for good. */
describe('a server that is killed with kill -9 while providers post to it', () => {
  for (const engine of ['sqlite', 'postgres'] as const) {
    it(`has excluded everyone whose request it acknowledged, on ${engine}`, async (t) => {
      const database = engine === 'postgres' ? await startPostgres() : undefined
      const { env, links, reopen } = await prepare(t, engine, database?.url)
      if (database) t.after(database.stop)
      const acknowledged: string[] = []
      for (let kills = 0; kills < KILLS; kills++) {
        const server = await startServerProcess(env)
        t.after(server.kill)
        const load = post(server, links, acknowledged)
        await more(acknowledged, randomInt(50, 500))
        await server.kill()
        await load
      }
      await assertExcluded(await reopen(), acknowledged)
    })
  }

  it('has excluded everyone whose request it acknowledged while PostgreSQL was away', async (t) => {
    const database = await startPostgres({ dedicated: true, durable: true })
    t.after(() => database.stop())
    const { env, links, reopen } = await prepare(t, 'postgres', database.url)
    const acknowledged: string[] = []
    const server = await startServerProcess(env)
    t.after(server.kill)
    const load = post(server, links, acknowledged)
    await more(acknowledged, 100)
    await database.kill()
    await more(acknowledged, 100)
    await server.kill()
    await load
    await database.start()
    await assertExcluded(await reopen(), acknowledged)
  })
})

interface Prepared {
  env: NodeJS.ProcessEnv
  /** Links of ever new recipients, by address. */
  links: Iterator<[recipient: string, path: string], never>
  /** Starts it again in this process; what its journal holds is replayed first. */
  reopen(): Promise<Pick<Installation, 'capabilities'> & { service: Service }>
}

async function prepare(t: TestContext, engine: EngineName, databaseUrl?: string): Promise<Prepared> {
  const given = databaseUrl === undefined ? {} : { databaseUrl }
  const installation = await install(t, engine, given)
  const { service, linkOf } = await addTenant(installation)
  const { dataDir } = installation
  await installation.close()
  return {
    env: { KAIJO_DATA_DIR: dataDir, ...(databaseUrl !== undefined && { KAIJO_DATABASE_URL: databaseUrl }) },
    links: (function* () {
      for (let number = 1; ; number++) {
        const recipient = `r${number}@example.com`
        yield [recipient, new URL(linkOf(recipient)).pathname] as [string, string]
      }
    })(),
    reopen: async () => {
      const { capabilities } = await install(t, engine, {
        ...given,
        dataDir,
        now: Date.now(),
        serves: 'http',
      })
      return { capabilities, service }
    },
  }
}

/** Posts from many clients until the server is gone. */
async function post({ url }: ServerProcess, links: Prepared['links'], acknowledged: string[]): Promise<void> {
  const client = async () => {
    for (;;) {
      const [recipient, path] = links.next().value
      const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
      const signal = AbortSignal.timeout(ANSWER_MS)
      const response = await fetch(url + path, { method: 'POST', body, signal }).catch(() => undefined)
      if (response === undefined) return
      assert.equal(response.status, 200)
      acknowledged.push(recipient)
      await response.text().catch(() => '')
    }
  }
  // A connection to a server that was killed may never tell: nothing else would keep this process waiting for it.
  const waiting = setInterval(() => {}, ANSWER_MS)
  await Promise.all(Array.from({ length: CLIENTS }, client)).finally(() => clearInterval(waiting))
}

/** Waits for so many more acknowledgements, however fast they come. */
async function more(acknowledged: readonly string[], count: number): Promise<void> {
  const wanted = acknowledged.length + count
  while (acknowledged.length < wanted) await sleep(5)
}

async function assertExcluded(
  { capabilities, service }: Awaited<ReturnType<Prepared['reopen']>>,
  recipients: readonly string[],
): Promise<void> {
  assert.equal(capabilities.publicParts.journal.pending, false)
  const { deliverable } = await capabilities.checkRecipients({
    service,
    from: { address: 'news@example.com' },
    recipients,
  })
  assert.deepEqual(deliverable, [])
}
