import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { findApiUserByName, putApiUser } from '../../src/access/api-user.ts'
import { createAuthenticate } from '../../src/access/authenticate.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { forEachEngine, type TestEngine } from '../support/engines.ts'
import type { Lifetime } from '../support/temp-dir.ts'

const OLD = { id: 'old', bytes: randomBytes(32) }
const NEW = { id: 'new', bytes: randomBytes(32) }

async function setUp(engine: TestEngine, t: Lifetime) {
  const database = await engine.open(t)
  const ids = idSource(database, 'api-user')
  const keyring = new Keyring([NEW, OLD])
  const put = (name: string, key: string, ring = keyring) =>
    putApiUser(database, ids, ring, {
      ...{ siteId: 1, name, key, role: 'user', permissions: ['view'], services: [], now: 0 },
    })
  const slept: number[] = []
  const counted = { refusals: 0 }
  const authenticate = createAuthenticate({
    database,
    keyring,
    clock: () => 0,
    sleep: async (ms) => slept.push(ms),
    onRefused: () => counted.refusals++,
  })
  return { database, put, authenticate, slept, counted }
}

forEachEngine((engine) => {
  test('a key alone signs in the one user that has it', async (t) => {
    const { put, authenticate, slept, counted } = await setUp(engine, t)
    const { user } = await put('a', 'key-of-a-1')
    await put('b', 'key-of-b-1')
    assert.deepEqual(await authenticate({ key: 'key-of-a-1' }), user)
    assert.deepEqual([slept, counted.refusals], [[], 0])
  })

  test('a name and its key sign in, also when another user has the same key', async (t) => {
    const { put, authenticate } = await setUp(engine, t)
    await put('a', 'shared-key')
    const { user } = await put('b', 'shared-key')
    assert.deepEqual(await authenticate({ name: 'b', key: 'shared-key' }), user)
  })

  test('a key that several users have does not sign in alone, and the refusal tells what to do', async (t) => {
    const { put, authenticate } = await setUp(engine, t)
    await put('a', 'shared-key')
    await put('b', 'shared-key')
    await assert.rejects(authenticate({ key: 'shared-key' }), {
      code: 'unauthenticated',
      message: /HTTP Basic, as name and key/,
    })
  })

  test('wrong credentials all get the same answer, are slowed and counted, and never lock anybody out', async (t) => {
    const { put, authenticate, slept, counted } = await setUp(engine, t)
    await put('a', 'key-of-a-1')
    const wrong = [
      { key: 'no-such-key' },
      { key: '' },
      { name: 'a', key: 'no-such-key' },
      { name: 'nobody', key: 'key-of-a-1' },
      { name: 'a\0', key: 'key-of-a-1' },
    ]
    for (const credentials of wrong) {
      await assert.rejects(authenticate(credentials), {
        code: 'unauthenticated',
        message: 'the credentials are wrong',
      })
    }
    assert.deepEqual([slept, counted.refusals], [[300, 300, 300, 300, 300], wrong.length])
    assert.equal((await authenticate({ name: 'a', key: 'key-of-a-1' })).name, 'a')
  })

  test('a hash made by an older secret still signs in and is made anew with the newest', async (t) => {
    const { database, put, authenticate } = await setUp(engine, t)
    await put('a', 'key-of-a-1', new Keyring([OLD]))
    await authenticate({ key: 'key-of-a-1' })
    assert.equal((await findApiUserByName(database, 'a'))?.key.secretId, 'new')
    assert.equal((await authenticate({ key: 'key-of-a-1' })).name, 'a')
  })
})
