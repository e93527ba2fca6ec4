import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { findApiUserView, putApiUser } from '../../src/access/api-user.ts'
import { endPreviousKey, revokeApiUser, rotateKey } from '../../src/access/api-user-changes.ts'
import { createAuthenticate } from '../../src/access/authenticate.ts'
import { createBearerTokens } from '../../src/access/bearer-tokens.ts'
import { createNoteUse } from '../../src/access/last-use.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { forEachEngine, type TestEngine } from '../support/engines.ts'
import type { Lifetime } from '../support/temp-dir.ts'

const OLD = { id: 'old', bytes: randomBytes(32) }
const NEW = { id: 'new', bytes: randomBytes(32) }
const [FIRST, SECOND, THIRD] = ['first-key-1', 'second-key-2', 'third-key-3']
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

async function setUp(engine: TestEngine, t: Lifetime, secrets = [NEW]) {
  const database = await engine.open(t)
  const time = { now: 1_000_000_000 }
  const clock = () => time.now
  const keyring = new Keyring(secrets)
  const { user } = await putApiUser(
    database,
    idSource(database, 'api-user'),
    new Keyring([secrets.at(-1) ?? NEW]),
    {
      ...{
        siteId: 1,
        name: 'api',
        key: FIRST,
        role: 'user',
        permissions: ['view'],
        services: [],
        now: time.now,
      },
    },
  )
  const used: boolean[] = []
  const authenticate = createAuthenticate({
    ...{ database, keyring, clock, sleep: async () => {}, onRefused: () => {} },
    onAccepted: (_user, _client, byPreviousKey) => void used.push(byPreviousKey),
  })
  const tokens = createBearerTokens({ database, keyring, clock })
  return {
    ...{ database, keyring, clock, time, user, used, authenticate, tokens },
    signsIn: (key: string) =>
      authenticate({ key }).then(
        () => true,
        () => false,
      ),
    opens: (token: string) =>
      tokens.open(token).then(
        () => true,
        () => false,
      ),
    rotate: (key: string, hours?: number) =>
      rotateKey(database, keyring, {
        ...{ id: user.id, key },
        previousUntil: hours === undefined ? undefined : time.now + hours * HOUR_MS,
      }),
    view: () => findApiUserView(database, undefined, user.id, time.now),
  }
}

forEachEngine((engine) => {
  test('a new key ends the one before at once, unless both are to be taken for a time', async (t) => {
    const { rotate, signsIn, time, used, view } = await setUp(engine, t)
    await rotate(SECOND)
    assert.deepEqual([await signsIn(FIRST), await signsIn(SECOND)], [false, true])
    assert.equal((await view()).previousKey, null)

    await rotate(THIRD, 24)
    assert.deepEqual([await signsIn(SECOND), await signsIn(THIRD)], [true, true])
    assert.deepEqual(used, [false, true, false])
    assert.deepEqual((await view()).previousKey, { until: time.now + 24 * HOUR_MS, lastUsedAt: null })
    time.now += 24 * HOUR_MS
    assert.deepEqual([await signsIn(SECOND), await signsIn(THIRD)], [false, true])
    assert.equal((await view()).previousKey, null)
  })

  test('of keys before there is never more than one, and it can be ended early', async (t) => {
    const { database, rotate, signsIn, user } = await setUp(engine, t)
    await rotate(SECOND, 24)
    await rotate(THIRD, 1)
    assert.deepEqual([await signsIn(FIRST), await signsIn(SECOND), await signsIn(THIRD)], [false, true, true])
    await endPreviousKey(database, user.id)
    assert.deepEqual([await signsIn(SECOND), await signsIn(THIRD)], [false, true])
  })

  test('a provisioned key is the only one from then on', async (t) => {
    const { database, keyring, rotate, signsIn, time } = await setUp(engine, t)
    await rotate(SECOND, 24)
    await putApiUser(database, idSource(database, 'api-user'), keyring, {
      ...{
        siteId: 1,
        name: 'api',
        key: THIRD,
        role: 'user',
        permissions: ['view'],
        services: [],
        now: time.now,
      },
    })
    assert.deepEqual(
      [await signsIn(FIRST), await signsIn(SECOND), await signsIn(THIRD)],
      [false, false, true],
    )
  })

  test('a key before is hashed anew under a newer secret, as the key is', async (t) => {
    const { database, rotate, signsIn, time, user } = await setUp(engine, t, [NEW, OLD])
    const withOld = new Keyring([OLD])
    await rotateKey(database, withOld, { id: user.id, key: SECOND, previousUntil: time.now + HOUR_MS })
    assert.deepEqual([await signsIn(FIRST), await signsIn(SECOND)], [true, true])
    const [row] = await database.read(database.query.selectFrom('api_user').selectAll())
    assert.deepEqual([row?.hash_key_id, row?.previous_hash_key_id], ['new', 'new'])
    assert.deepEqual([await signsIn(FIRST), await signsIn(SECOND)], [true, true])
    await rotate(THIRD)
    assert.deepEqual([await signsIn(FIRST), await signsIn(SECOND)], [false, false])
  })

  test('a token ends with the key that it may stand for', async (t) => {
    const { database, opens, rotate, tokens, user } = await setUp(engine, t)
    const before = await tokens.issue(user, undefined)
    await rotate(SECOND, 24)
    assert.equal(await opens(before), true)
    const between = await tokens.issue(user, undefined)
    assert.equal(await opens(between), true)
    await endPreviousKey(database, user.id)
    assert.deepEqual([await opens(before), await opens(between)], [false, false])
    const after = await tokens.issue(user, undefined)
    assert.equal(await opens(after), true)
    await rotate(THIRD)
    assert.equal(await opens(after), false)
  })

  test('who is revoked is gone with keys and tokens, and the name is free', async (t) => {
    const { database, keyring, opens, signsIn, time, tokens, user } = await setUp(engine, t)
    const token = await tokens.issue(user, undefined)
    await revokeApiUser(database, user.id)
    assert.deepEqual([await signsIn(FIRST), await opens(token)], [false, false])
    await assert.rejects(revokeApiUser(database, user.id), { code: 'not-found' })
    await assert.rejects(endPreviousKey(database, user.id), { code: 'not-found' })
    const again = {
      siteId: 2,
      name: 'api',
      key: SECOND,
      role: 'user',
      permissions: [],
      services: [],
    } as const
    await putApiUser(database, idSource(database, 'api-user'), keyring, {
      ...{ ...again, permissions: [], services: [], now: time.now },
    })
    assert.equal(await signsIn(SECOND), true)
  })

  test('the last use is noted once in ten minutes, for the key before by itself', async (t) => {
    const { clock, database, rotate, time, user, view } = await setUp(engine, t)
    await rotate(SECOND, 24)
    /** Nobody waits for it to be written but this test. */
    const written = new Set<Promise<unknown>>()
    const watched: typeof database = {
      ...database,
      transact: (statements, commit) => {
        const work = database.transact(statements, commit)
        written.add(work)
        return work
      },
    }
    const noteUse = createNoteUse({ database: watched, clock, onError: assert.fail })
    const noted = async (byPreviousKey: boolean) => {
      noteUse(user, byPreviousKey)
      await Promise.all(written)
      const { lastUsedAt, previousKey } = await view()
      return [lastUsedAt, previousKey?.lastUsedAt]
    }
    const start = time.now
    assert.deepEqual(await noted(false), [start, null])
    time.now += 9 * MINUTE_MS
    assert.deepEqual(await noted(false), [start, null])
    assert.deepEqual(await noted(true), [time.now, time.now])
    time.now += 10 * MINUTE_MS
    assert.deepEqual(await noted(false), [time.now, time.now - 10 * MINUTE_MS])
  })
})
