import { after, before } from 'node:test'
import type { Database } from '../../src/storage/database.ts'
import type { TestEngine } from '../support/engines.ts'

/** One database for all tests of a block, open while they run. To be called in the block itself. */
export function sharedDatabase(engine: TestEngine): () => Database {
  let database: Database | undefined
  const cleanUps: (() => Promise<void>)[] = []
  before(async () => {
    database = await engine.open({ after: (cleanUp) => cleanUps.push(cleanUp) })
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })
  return () => database as Database
}
