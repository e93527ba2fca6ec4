import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { toConfig } from '../../../../src/config/to-config.ts'
import { examine, type InstallationParts } from '../../../../src/entry/cli/doctor/doctor.ts'
import { forEachEngine } from '../../../support/engines.ts'
import { addTenant, type Installation, install } from '../../../support/installation.ts'
import { makeTempDir } from '../../../support/temp-dir.ts'
import { someResolver } from './some-resolver.ts'

const noNetwork = {
  fetch: (() =>
    Promise.reject(Object.assign(new Error('fetch failed'), { code: 'ENETUNREACH' }))) as typeof fetch,
  resolver: someResolver({ 'example.com': 'ECONNREFUSED', '_dmarc.example.com': 'ECONNREFUSED' }),

  resolveMx: async () => [],
}

forEachEngine((engine) => {
  it('finds a fresh installation healthy without a network, and says what it could not see', async (t) => {
    const installation = await install(t, engine.name, { env: { KAIJO_RELAY_URL: '' } })
    await addTenant(installation)
    const { config } = installation.capabilities
    const { checks, healthy } = await examine({
      config,
      clock: Date.now,
      ...noNetwork,
      installation: partsOf(installation),
    })
    const found = Object.fromEntries(checks.map(({ name, status }) => [name, status]))
    assert.deepEqual(found, {
      configuration: 'ok',
      'data directory': 'ok',
      'disk space': 'ok',
      'secret key file': 'ok',
      keys: 'ok',
      database: 'ok',
      clock: 'ok',
      journal: 'ok',
      relay: 'warning',
      'SPF of example.com': 'warning',
      'DKIM of example.com': 'warning',
      'DMARC of example.com': 'warning',
      'public URL': 'warning',
      https: 'warning',
    })
    assert.equal(healthy, true)
    for (const { status, advice } of checks) assert.equal(advice === undefined, status === 'ok')
  })

  it('warns of requests that were set aside', async (t) => {
    const installation = await install(t, engine.name)
    const { config } = installation.capabilities
    writeFileSync(join(config.dataDir, 'journal', 'refused.ndjson'), '{}\n')
    const parts = { config, clock: Date.now, ...noNetwork, installation: partsOf(installation) }
    const { checks } = await examine(parts)
    const journal = checks.find(({ name }) => name === 'journal')
    assert.equal(journal?.status, 'warning')
    assert.match(journal?.advice ?? '', /refused\.ndjson/)
  })

  it('is not healthy when one thing has failed, and goes on with the others', async (t) => {
    const installation = await install(t, engine.name)
    const { config } = installation.capabilities
    const broken: InstallationParts = {
      ...partsOf(installation),
      journal: { pending: true },
      senders: () => Promise.reject(new Error('no senders for someone@example.com')),
    }
    const { checks, healthy } = await examine({ config, clock: Date.now, ...noNetwork, installation: broken })
    assert.equal(healthy, false)
    const found = new Map(checks.map((check) => [check.name, check]))
    assert.equal(found.get('SPF')?.detail, 'no senders for s***@example.com')
    assert.equal(found.get('journal')?.status, 'warning')
    assert.equal(found.get('database')?.status, 'ok')
  })
})

it('examines what it can when the installation cannot be opened, and shows no secret', async (t) => {
  const { dir, remove } = makeTempDir()
  t.after(remove)
  const config = toConfig({
    KAIJO_DATA_DIR: dir,
    KAIJO_DATABASE_URL: 'postgres://u:hunter2@db.example/kaijo',
    KAIJO_RELAY_URL: 'smtp://u:hunter2@mail.example',
  })
  const installation = new Error('secret keys missing: aaaaaa')
  const diagnosis = await examine({ config, clock: Date.now, ...noNetwork, installation })
  assert.equal(diagnosis.healthy, false)
  const opening = diagnosis.checks.find(({ name }) => name === 'installation')
  assert.equal(opening?.detail, 'secret keys missing: aaaaaa')
  assert.match(diagnosis.checks[0]?.detail ?? '', /KAIJO_RELAY_URL=smtp:\/\/u:\*\*\*@mail\.example/)
  assert.ok(!JSON.stringify(diagnosis).includes('hunter2'))
})

function partsOf({ capabilities }: Installation): InstallationParts {
  const { publicParts, database } = capabilities
  return {
    ...capabilities,
    ...publicParts,
    senders: async () => {
      const rows = await database.read(database.query.selectFrom('sender').select('address'))
      return rows.map(({ address }) => address)
    },
  }
}
