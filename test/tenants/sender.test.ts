import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isClassId } from '../../src/kernel/ids.ts'
import { findLists } from '../../src/tenants/list.ts'
import { findSender, findSenders, registerSender } from '../../src/tenants/sender.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'
import { someService } from './some-service.ts'

forEachEngine((engine) => {
  const shared = sharedDatabase(engine)

  it('registers a sender for one-click with a list and a class_id of its own', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const sender = await registerSender(database, listIds, service, { address: 'News@Example.com', now: 5 })
    assert.equal(sender.address, 'News@Example.com')
    assert.equal(sender.oneClick, true)
    assert.ok(isClassId(sender.classId))
    const list = (await findLists(database, service.id)).find(({ id }) => id === sender.listId)
    assert.deepEqual(
      [list?.kind, list?.label, list?.classId, list?.takesOpaque],
      ['sender', 'News@Example.com', sender.classId, false],
    )
    assert.deepEqual(await findSenders(database, service.id), [sender])
    assert.deepEqual(await findSender(database, service.id, 'news@example.com'), sender)
    assert.equal(await findSender(database, service.id + 1, 'news@example.com'), undefined)
  })

  it('takes other spellings of an address for the same sender', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const spellings = [
      ['news@example.com', 'NEWS@EXAMPLE.COM', '"news"@example.com', ' <news@example.com.> '],
      ['info@日本語.jp', 'info@xn--wgv71a119e.jp', 'INFO@日本語.JP', 'info@日本語。jp'],
    ]
    for (const same of spellings) {
      const senders = []
      for (const address of same)
        senders.push(await registerSender(database, listIds, service, { address, now: 0 }))
      for (const sender of senders) assert.deepEqual(sender, senders[0])
    }
    assert.equal((await findSenders(database, service.id)).length, spellings.length)
  })

  it('answers the same class_id to everyone who registers one sender at the same moment', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const register = () => registerSender(database, listIds, service, { address: 'news@example.com', now: 0 })
    const senders = await Promise.all(Array.from({ length: 8 }, register))
    assert.equal(new Set(senders.map(({ classId }) => classId)).size, 1)
    assert.equal((await findLists(database, service.id)).filter(({ kind }) => kind === 'sender').length, 1)
    assert.deepEqual(await register(), senders[0])
  })

  it('gives one address in two services two lists', async () => {
    const database = shared()
    const [one, other] = [await someService(database), await someService(database)]
    const request = { address: 'news@example.com', now: 0 }
    const first = await registerSender(database, one.listIds, one.service, request)
    const second = await registerSender(database, other.listIds, other.service, request)
    assert.notEqual(first.classId, second.classId)
    assert.notEqual(first.listId, second.listId)
  })

  it('turns one-click on later, and never off again', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const register = (oneClick?: boolean) =>
      registerSender(database, listIds, service, { address: 'news@example.com', oneClick, now: 0 })
    const stopList = await register(false)
    assert.equal(stopList.oneClick, false)
    assert.equal((await register(false)).oneClick, false)
    const on = await register(true)
    assert.deepEqual(on, { ...stopList, oneClick: true })
    await assert.rejects(register(false), { code: 'sender-is-permanent', field: 'address' })
    assert.deepEqual(await findSender(database, service.id, 'news@example.com'), on)
    assert.deepEqual(await register(), on)
  })

  it('keeps one-click on when it is asked for in the moment in which another registers without', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    for (let round = 0; round < 5; round++) {
      const address = `news${round}@example.com`
      const register = (oneClick: boolean) =>
        registerSender(database, listIds, service, { address, oneClick, takesOpaque: oneClick, now: 0 })
      const outcomes = await Promise.allSettled([false, true, false].map(register))
      const asked = outcomes[1]
      assert.ok(asked?.status === 'fulfilled' && asked.value.oneClick)
      const sender = await findSender(database, service.id, address)
      assert.equal(sender?.oneClick, true)
      const list = (await findLists(database, service.id)).find(({ id }) => id === sender?.listId)
      assert.equal(list?.takesOpaque, true)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'sender-is-permanent')
      }
    }
  })

  it('takes opaque parts from when a vendor interface registers the sender, and does not stop', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    const takesOpaque = async () =>
      (await findLists(database, service.id)).find(({ kind }) => kind === 'sender')?.takesOpaque
    const request = { address: 'news@example.com', now: 0 }
    await registerSender(database, listIds, service, request)
    assert.equal(await takesOpaque(), false)
    await registerSender(database, listIds, service, { ...request, takesOpaque: true })
    assert.equal(await takesOpaque(), true)
    await registerSender(database, listIds, service, { ...request, takesOpaque: false })
    assert.equal(await takesOpaque(), true)
  })

  it('refuses what is not a mail address', async () => {
    const database = shared()
    const { service, listIds } = await someService(database)
    for (const address of [
      '',
      'news',
      'news@',
      'a@b@c',
      'News <news@example.com>',
      'a@example.com\r\nBcc: x',
    ]) {
      await assert.rejects(registerSender(database, listIds, service, { address, now: 0 }), {
        code: 'invalid-value',
        field: 'address',
      })
    }
    assert.deepEqual(await findSenders(database, service.id), [])
  })
})
