import assert from 'node:assert/strict'
import { it } from 'node:test'
import { keysCheck } from '../../../../src/entry/cli/doctor/keys.ts'
import { Keyring } from '../../../../src/kernel/keyring.ts'
import { registerSecretKeys } from '../../../../src/storage/secret-keys.ts'
import { createUnverifiedStore } from '../../../../src/unsubscribe/unverified-request.ts'
import { forEachEngine } from '../../../support/engines.ts'

const [A, B, C] = ['aaaaaa', 'bbbbbb', 'cccccc'].map((id, index) => ({ id, bytes: Buffer.alloc(32, index) }))
const ring = (...keys: (typeof A)[]) => new Keyring(keys.filter((key) => key !== undefined))

forEachEngine((engine) => {
  it('compares the keys of the process with those of the installation', async (t) => {
    const database = await engine.open(t)
    const unverified = createUnverifiedStore(database)
    await registerSecretKeys(database, ring(B, A), 0)
    const check = async (keyring: Keyring) => {
      const [finding] = [await keysCheck({ database, keyring, unverified }).run()].flat()
      return [finding?.status, finding?.detail]
    }
    assert.deepEqual(await check(ring(B, A)), ['ok', 'bbbbbb, aaaaaa; bbbbbb seals, all open'])
    assert.deepEqual(await check(ring(A)), ['failed', 'missing or different here: bbbbbb'])
    const different = ring(B, { id: 'aaaaaa', bytes: Buffer.alloc(32, 9) })
    assert.deepEqual(await check(different), ['failed', 'missing or different here: aaaaaa'])
    assert.deepEqual(await check(ring(C, B, A)), ['warning', 'the database does not know cccccc yet'])
  })

  it('tells which requests wait for which key, and what can be done', async (t) => {
    const database = await engine.open(t)
    const unverified = createUnverifiedStore(database)
    await registerSecretKeys(database, ring(B, A), 0)
    const evidence = { method: 'POST', clientAddress: '192.0.2.1', userAgent: null }
    for (const keyId of ['aaaaaa', 'bbbbbb', 'ffffff']) {
      await unverified.keep({ target: { classId: 'c', token: keyId }, keyId, receivedAt: 0, evidence })
    }
    const [, ...findings] = [await keysCheck({ database, keyring: ring(A), unverified }).run()].flat()
    assert.deepEqual(
      findings.map(({ name, status, detail }) => [name, status, detail]),
      [
        ['requests for key aaaaaa', 'warning', '1 wait since 1970-01-01T00:00:00.000Z'],
        ['requests for key bbbbbb', 'failed', '1 wait since 1970-01-01T00:00:00.000Z'],
        ['requests for key ffffff', 'warning', '1 wait since 1970-01-01T00:00:00.000Z'],
      ],
    )
    assert.match(findings[0]?.advice ?? '', /is here now: run `npm run kaijo -- keys repair`/)
    assert.match(findings[1]?.advice ?? '', /Give every process all keys/)
    assert.match(findings[2]?.advice ?? '', /means nothing/)
  })
})
