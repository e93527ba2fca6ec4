import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newClassId } from '../../src/kernel/ids.ts'
import type { Database } from '../../src/storage/database.ts'
import { classDirectory } from '../../src/tenants/class-directory.ts'
import { createFilter, deleteFilter } from '../../src/tenants/filter.ts'
import { registerSender } from '../../src/tenants/sender.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from './some-service.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('finds a class from the moment in which another process registers it', async () => {
    const database = shared()
    const directory = classDirectory(database)
    const { service, listIds } = await someService(database)
    const classId = newClassId()
    assert.equal(await directory.find(classId), undefined)
    assert.equal(await directory.refresh(classId), undefined)
    assert.equal(directory.remembered(classId), undefined)

    const { listId } = await registerSender(database, listIds, service, { address: 'a@example.com', now: 0 })
    // Under the very id that was unknown a moment ago.
    await database.transact([
      database.query.updateTable('list').set({ class_id: classId }).where('id', '=', listId),
    ])
    assert.equal((await directory.find(classId))?.id, listId)
  })

  it('remembers what it found, for the time in which the database is away', async () => {
    const database = shared()
    let reads = 0
    const counted: Database = {
      ...database,
      read: (statement) => {
        reads++
        return database.read(statement)
      },
    }
    const directory = classDirectory(counted)
    const { service, listIds } = await someService(database)
    const { classId, listId } = await registerSender(database, listIds, service, {
      address: 'a@example.com',
      now: 0,
    })
    assert.equal(directory.remembered(classId), undefined)
    for (let i = 0; i < 5; i++) assert.equal((await directory.find(classId))?.id, listId)
    assert.equal(reads, 1)
    assert.equal(directory.remembered(classId)?.id, listId)
  })

  it('sees by a refresh that a sender takes opaque parts now', async () => {
    const database = shared()
    const directory = classDirectory(database)
    const { service, listIds } = await someService(database)
    const request = { address: 'a@example.com', now: 0 }
    const { classId } = await registerSender(database, listIds, service, request)
    assert.equal((await directory.find(classId))?.takesOpaque, false)
    await registerSender(database, listIds, service, { ...request, takesOpaque: true })
    assert.equal((await directory.refresh(classId))?.takesOpaque, true)
    assert.equal((await directory.find(classId))?.takesOpaque, true)
  })

  it('finds the class of a deleted filter for ever', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const request = { name: 'a', header: 'List-Id', pattern: 'x', match: 'exact', now: 0 } as const
    const { classId, listId } = await createFilter(database, listIds, service, request)
    await deleteFilter(database, service.id, classId, 1)
    assert.equal((await classDirectory(database).find(classId))?.id, listId)
  })
})
