import { describe } from 'node:test'
import type { Database, DatabaseTarget, EngineName } from '../../src/storage/database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startMigratedPostgres, startPostgres, type TestDatabase } from './postgres.ts'
import { putMigratedSqlite } from './sqlite-template.ts'
import { type Lifetime, makeTempDir } from './temp-dir.ts'

/** One of the two engines, ready to hand out databases that live as long as the test that asks. */
export type TestEngine = {
  name: EngineName
  /** A fresh database, migrated; closed and removed when the test ends. */
  open(t: Lifetime): Promise<Database>
  /** A fresh database that nobody opened or migrated. At the test's end it is removed beneath whoever is still connected. */
  target(t: Lifetime): Promise<DatabaseTarget>
}

type Place = { target: DatabaseTarget; remove(): Promise<void> }

const PLACES: Record<EngineName, () => Promise<Place>> = {
  async sqlite() {
    const { dir, remove } = makeTempDir()
    return { target: { kind: 'sqlite', file: `${dir}/kaijo.sqlite` }, remove }
  },
  postgres: () => postgres(startPostgres),
}

/** With this release's schema. */
const MIGRATED: Record<EngineName, () => Promise<Place>> = {
  async sqlite() {
    const place = await PLACES.sqlite()
    if (place.target.kind === 'sqlite') await putMigratedSqlite(place.target.file)
    return place
  },
  postgres: () => postgres(startMigratedPostgres),
}

async function postgres(start: () => Promise<TestDatabase>): Promise<Place> {
  const { url, stop } = await start()
  return { target: { kind: 'postgres', url }, remove: stop }
}

/** Writes the tests of `block` twice: under "on sqlite" and under "on postgres". */
export function forEachEngine(block: (engine: TestEngine) => void): void {
  for (const name of ['sqlite', 'postgres'] as const) {
    describe(`on ${name}`, () => block({ name, open: (t) => open(t, name), target: (t) => place(t, name) }))
  }
}

async function open(t: Lifetime, name: EngineName): Promise<Database> {
  const { target, remove } = await MIGRATED[name]()
  let database: Database | undefined
  // One clean-up, since node:test runs them first come, first served.
  t.after(async () => {
    await database?.close()
    await remove()
  })
  database = await openDatabase(target)
  await migrate(database)
  return database
}

async function place(t: Lifetime, name: EngineName): Promise<DatabaseTarget> {
  const { target, remove } = await PLACES[name]()
  t.after(remove)
  return target
}
