import assert from 'node:assert/strict'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { dataDirectoryCheck } from '../../../../src/entry/cli/doctor/data-directory.ts'
import { tempDir } from '../../../support/temp-dir.ts'

describe('the data directory', () => {
  it('is its owner’s alone, with the key file in it', async (t) => {
    const dataDir = tempDir(t)
    writeFileSync(join(dataDir, 'secret-keys.json'), '{}', { mode: 0o600 })
    assert.deepEqual(await statuses(dataDir), {
      'data directory': 'ok',
      'disk space': 'ok',
      'secret key file': 'ok',
    })

    chmodSync(dataDir, 0o755)
    chmodSync(join(dataDir, 'secret-keys.json'), 0o640)
    const open = await statuses(dataDir)
    assert.deepEqual([open['data directory'], open['secret key file']], ['warning', 'warning'])

    rmSync(join(dataDir, 'secret-keys.json'))
    assert.equal((await statuses(dataDir))['secret key file'], 'failed')
  })

  it('needs no key file when the keys are elsewhere', async (t) => {
    const found = await statuses(tempDir(t), [{ id: 'a', bytes: Buffer.alloc(32) }])
    assert.deepEqual(Object.keys(found), ['data directory', 'disk space'])
  })

  it('has failed when it is not there', async (t) => {
    assert.deepEqual(await statuses(join(tempDir(t), 'none')), { 'data directory': 'failed' })
  })
})

async function statuses(dataDir: string, secretKeys?: { id: string; bytes: Buffer }[]) {
  const config = { dataDir, ...(secretKeys && { secretKeys }) }
  const findings = [await dataDirectoryCheck(config).run()].flat()
  return Object.fromEntries(findings.map(({ name, status }) => [name, status]))
}
