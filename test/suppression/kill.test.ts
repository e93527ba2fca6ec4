import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Database, DatabaseTarget } from '../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { createRecorder } from '../../src/suppression/changing/recorder.ts'
import { forEachEngine } from '../support/engines.ts'
import { startPostgres } from '../support/postgres.ts'
import { someService } from '../tenants/some-service.ts'
import { stop } from './changes.ts'

const PROCESS = join(import.meta.dirname, 'recording-process.ts')
const ENOUGH = 500

forEachEngine((engine) => {
  it('loses nothing that was acknowledged when the process is killed with kill -9', async (t) => {
    const target = await engine.target(t)
    const listId = await prepare(target)
    const child = spawn(process.execPath, [PROCESS, JSON.stringify(target), String(listId)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
      if (output.split('\n').length > ENOUGH) child.kill('SIGKILL')
    })
    await once(child, 'close')
    // The last line may be cut off.
    const acknowledged = output.split('\n').slice(0, -1).map(Number)
    assert.ok(acknowledged.length >= ENOUGH)
    await assertKept(target, acknowledged)
  })
})

describe('when PostgreSQL is killed', () => {
  it('loses nothing that was acknowledged, refuses the rest as unavailable and records again afterwards', async (t) => {
    const server = await startPostgres({ dedicated: true, durable: true })
    t.after(() => server.stop())
    const target = { kind: 'postgres', url: server.url } as const
    const listId = await prepare(target)
    const database = await openDatabase(target)
    t.after(() => database.close())
    const recorder = createRecorder(database, Date.now)

    const acknowledged: number[] = []
    let last = 0
    let killed: Promise<void> | undefined
    const recordOn = async () => {
      for (;;) {
        const number = ++last
        await recorder.record(stop(listId, `person.${number}@example.com`))
        acknowledged.push(number)
        if (acknowledged.length >= ENOUGH) killed ??= server.kill()
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: 50 }, recordOn))
    for (const end of ends) assert.ok(end.status === 'rejected' && end.reason instanceof DatabaseUnavailable)
    await killed
    await server.start()
    await recorder.record(stop(listId, `person.${++last}@example.com`))
    await assertKept(target, [...acknowledged, last])
  })
})

async function prepare(target: DatabaseTarget): Promise<number> {
  return using(target, async (database) => {
    await migrate(database)
    const { service } = await someService(database)
    const lists = database.query.selectFrom('list').select('id').where('service_id', '=', service.id)
    return (await database.read(lists))[0]?.id ?? 0
  })
}

/** Every acknowledged person is on the list, each with an event, and nobody has one without the other. */
async function assertKept(target: DatabaseTarget, acknowledged: number[]): Promise<void> {
  await using(target, async (database) => {
    const [rows, events] = await Promise.all([
      database.read(database.query.selectFrom('suppression').select('address_key').where('active', '=', 1)),
      database.read(database.query.selectFrom('event').select('address_key')),
    ])
    const kept = new Set(rows.map((row) => row.address_key))
    assert.deepEqual(
      acknowledged.filter((number) => !kept.has(`person.${number}@example.com`)),
      [],
    )
    assert.deepEqual(new Set(events.map((event) => event.address_key)), kept)
    assert.equal(events.length, kept.size)
  })
}

async function using<T>(target: DatabaseTarget, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(target)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
