import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { endLeases } from '../../src/jobs/leases.ts'
import type { EngineName } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { addTenant, install } from '../support/installation.ts'
import { startPostgres } from '../support/postgres.ts'
import { controlToken, startServerProcess } from '../support/server-process.ts'

const RECIPIENTS = 100_000

describe('a server that is killed with kill -9 while it imports', () => {
  for (const engine of ['sqlite', 'postgres'] as const) {
    it(`goes on where it was, twice, and counts every recipient once, on ${engine}`, async (t) => {
      const { start, letLeasesLapse, service } = await prepare(t, engine)
      const rows = Array.from({ length: RECIPIENTS }, (_, index) => `r${index}@example.jp`)
      const first = await start()
      const { id } = await first.call(
        `/services/${service}/imports?list=blocklist&action=add`,
        `email\n${rows.join('\n')}\n`,
      )
      let { call, kill } = first
      for (const part of [0.1, 0.5]) {
        const { rows: reached } = await until(call, ({ rows: { applied } }) => applied >= part * RECIPIENTS)
        await kill()
        await letLeasesLapse()
        assert.ok(reached.applied < RECIPIENTS, 'it was over before the server was killed')
        ;({ call, kill } = await start())
      }
      const view = await until(call, ({ state }) => state === 'done')
      assert.deepEqual(view.rows, {
        read: RECIPIENTS,
        skipped: 0,
        repeated: 0,
        applied: RECIPIENTS,
        changed: RECIPIENTS,
        unchanged: 0,
        lapsed: 0,
      })
      await call(`/services/${service}/imports/${id}/undo`, '')
      const undone = await until(call, ({ state }) => state === 'undone')
      assert.deepEqual(undone.undo, { undone: RECIPIENTS, left: 0 })

      async function until(ask: typeof call, isReached: (view: View) => boolean): Promise<View> {
        for (;;) {
          const view: View = await ask(`/services/${service}/imports/${id}`)
          if (isReached(view)) return view
          assert.notEqual(view.state, 'failed')
          await sleep(5)
        }
      }
    })
  }
})

interface View {
  state: string
  rows: { applied: number }
  undo: object | null
}

async function prepare(t: TestContext, engine: EngineName) {
  const database = engine === 'postgres' ? await startPostgres() : undefined
  const installation = await install(t, engine, database && { databaseUrl: database.url })
  const { service } = await addTenant(installation)
  const { dataDir, capabilities } = installation
  await installation.close()
  if (database) t.after(database.stop)
  const env = { KAIJO_DATA_DIR: dataDir, ...(database && { KAIJO_DATABASE_URL: database.url }) }
  return {
    service: service.id,
    letLeasesLapse: async () => {
      const database = await openDatabase(capabilities.config.database)
      await endLeases(database)
      await database.close()
    },
    start: async () => {
      const server = await startServerProcess(env)
      t.after(server.kill)
      const token = await controlToken(dataDir)
      const call = async (path: string, body?: string) => {
        const response = await fetch(`${server.url}/api/v1${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'text/csv' }) },
          ...(body && { body }),
        })
        assert.ok(response.ok, await response.clone().text())
        return (await response.json()) as { id: number } & View
      }
      return { call, kill: server.kill }
    },
  }
}
