import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  type ApiUserRequest,
  findApiUserByName,
  findApiUsers,
  putApiUser,
} from '../../src/access/api-user.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { keyedHash } from '../../src/kernel/sealing.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { forEachEngine, type TestEngine } from '../support/engines.ts'
import type { Lifetime } from '../support/temp-dir.ts'

const KEY = 'vendor-key-1'
const OLD = { id: 'old', bytes: randomBytes(32) }
const NEW = { id: 'new', bytes: randomBytes(32) }

const REQUEST: ApiUserRequest & { now: number } = {
  siteId: 1,
  name: 'api@acme.example',
  key: KEY,
  role: 'user',
  permissions: ['view', 'send'],
  services: ['news'],
  now: 1_000,
}

async function setUp(engine: TestEngine, t: Lifetime) {
  const database = await engine.open(t)
  const ids = idSource(database, 'api-user')
  const keyring = new Keyring([NEW, OLD])
  const put = (change: Partial<typeof REQUEST> = {}, ring = keyring) =>
    putApiUser(database, ids, ring, { ...REQUEST, ...change })
  return { database, keyring, put }
}

forEachEngine((engine) => {
  test('an API user is created with what it may do, and its key is stored only as a hash', async (t) => {
    const { database, keyring, put } = await setUp(engine, t)
    const { user, outcome } = await put()
    assert.equal(outcome, 'created')
    assert.deepEqual(await findApiUsers(database, 1), [user])
    const stored = await findApiUserByName(database, REQUEST.name)
    assert.deepEqual(stored?.key, { hash: keyedHash(keyring.newest, KEY), secretId: 'new' })
    assert.equal(JSON.stringify(stored).includes(KEY), false)
  })

  test('the same request again changes nothing, even when the hash was made by an older secret', async (t) => {
    const { database, put } = await setUp(engine, t)
    await put({}, new Keyring([OLD]))
    const before = await findApiUserByName(database, REQUEST.name)
    assert.equal((await put()).outcome, 'unchanged')
    assert.deepEqual(await findApiUserByName(database, REQUEST.name), before)
  })

  test('a new key or new grants are taken over, and the id stays', async (t) => {
    const { database, put } = await setUp(engine, t)
    const { user } = await put()
    assert.equal((await put({ key: 'another-key' })).outcome, 'updated')
    assert.equal((await put({ key: undefined, permissions: ['view'] })).outcome, 'updated')
    const stored = await findApiUserByName(database, REQUEST.name)
    assert.deepEqual([stored?.id, stored?.permissions], [user.id, ['view']])
    assert.equal((await put({ key: 'another-key', permissions: ['view'] })).outcome, 'unchanged')
  })

  test('a time zone is kept until another one, or none, is given', async (t) => {
    const { put } = await setUp(engine, t)
    await put({ timeZone: 'Europe/Berlin' })
    assert.equal((await put()).user.timeZone, 'Europe/Berlin')
    assert.equal((await put({ timeZone: null })).user.timeZone, null)
  })

  test('names are unique across sites', async (t) => {
    const { put } = await setUp(engine, t)
    await put()
    await assert.rejects(put({ siteId: 2 }), { code: 'name-taken', field: 'name' })
  })

  test('a key below 8 characters is refused, and so is a new user without one', async (t) => {
    const { database, put } = await setUp(engine, t)
    await assert.rejects(put({ key: '1234567' }), { code: 'invalid-value', field: 'key' })
    await assert.rejects(put({ key: undefined }), { code: 'invalid-value', field: 'key' })
    assert.deepEqual(await findApiUsers(database, 1), [])
  })
})
