import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { startImportJob } from '../../src/imports/applying/import-job.ts'
import { createReceiveImport } from '../../src/imports/storing/receive.ts'
import type { ImportRequest } from '../../src/imports/storing/store-import.ts'
import type { Database } from '../../src/storage/database.ts'
import { createErasePerson } from '../../src/subscribers/erase/erase-person.ts'
import { tracesOf } from '../storage/traces-of.ts'
import { addTenant, type Installation } from '../support/installation.ts'
import { type Lifetime, tempDir } from '../support/temp-dir.ts'

export const person = (name: string) => ({
  address: `${name}@example.jp`,
  key: `${name}@example.jp`,
  domain: 'example.jp',
})

/** A database of which one transaction, the first that holds such a statement, waits until it is let go. */
export function holding(database: Database, pattern: RegExp) {
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

interface Receiving extends Partial<ImportRequest> {
  through?: Database
}

/** A tenant whose files are taken in and applied, and whose people are erased, each through the database that a test gives. */
export async function eraseAndImport(t: Lifetime, installation: Installation) {
  const { database, clock, erased, ids } = installation.capabilities
  const tenant = await addTenant(installation)
  const { id: serviceId, siteId } = tenant.service
  const receive = (file: string, { through = database, ...given }: Receiving = {}): Promise<{ id: number }> =>
    createReceiveImport({
      ...{ database: through, clock, erased, directory: tempDir(t), onQueued: () => {} },
      importIds: ids.import,
    })(Readable.from([Buffer.from(file)]), {
      ...{ serviceId, siteId, listName: 'x', dryRun: false, format: 'csv' },
      listOf: async () => ({ id: tenant.list.id, name: 'x' }),
      ...{ action: 'add', reason: 'listed', encoding: undefined, routing: undefined },
      ...{ fileName: undefined, createdBy: 'test', ...given },
    })
  const apply = async (id: number, through = database) => {
    const job = startImportJob({
      ...{ database: through, clock, erased },
      onError: (error) => assert.fail(String(error)),
    })
    const state = database.query.selectFrom('import').select('state').where('id', '=', id)
    while ((await database.read(state))[0]?.state !== 'done') await sleep(10)
    await job.stop()
  }
  const erase = (name: string, through = database) =>
    createErasePerson({ database: through, clock, erased, filesWait: () => false })(siteId, person(name))
  const nothingKnows = async (name: string) => {
    assert.deepEqual(await tracesOf(database, new RegExp(name)), [])
    assert.equal(await tenant.wouldMail(person(name).address), false)
  }
  return { database, clock, erased, tenant, receive, apply, erase, nothingKnows }
}
