import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres } from '../support/postgres.ts'

describe('PostgreSQL for tests', () => {
  it('gives each caller an empty UTF-8 database of its own, gone when it stops', async () => {
    const [one, other] = await Promise.all([startPostgres(), startPostgres()])
    await query(one.url, 'create table t (a int)')
    assert.deepEqual(await query(other.url, "select to_regclass('t') as t, getdatabaseencoding() as e"), [
      { t: null, e: 'UTF8' },
    ])
    await Promise.all([one.stop(), other.stop()])
    await assert.rejects(query(one.url, 'select 1'), { code: '3D000' })
  })

  it('stops, kills and starts a dedicated server under the same URL with the same data', async () => {
    const server = await startPostgres({ dedicated: true, durable: true })
    await query(server.url, 'create table t as select 1 as a')
    await server.stop()
    await assert.rejects(query(server.url, 'select 1'), { code: 'ECONNREFUSED' })
    await server.start()
    await query(server.url, 'insert into t values (2)')
    await server.kill()
    await server.start()
    assert.deepEqual(await query(server.url, 'select a from t order by a'), [{ a: 1 }, { a: 2 }])
    await server.stop()
  })

  it('leaves no server behind a test process that is killed', async () => {
    const module = new URL('../support/postgres.ts', import.meta.url)
    const script = `
      const { startPostgres } = await import(${JSON.stringify(module.href)})
      console.log((await startPostgres({ dedicated: true })).url)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const url = String(line).trim()
    await query(url, 'select 1')
    child.kill('SIGKILL')
    for (let tries = 100; ; tries--) {
      const error = await query(url, 'select 1').then(
        () => undefined,
        (reason) => reason,
      )
      if (error?.code === 'ECONNREFUSED') break
      assert.ok(tries > 0, 'the server still answers')
      await sleep(50)
    }
  })
})

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  // A server that goes down says so on idle connections.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
