import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renameService, renameSite } from '../../../src/access/provision/rename.ts'
import { findServices } from '../../../src/tenants/service.ts'
import { findSites } from '../../../src/tenants/site.ts'
import { forEachEngine } from '../../support/engines.ts'
import { setUp } from './provisioning.ts'

forEachEngine((engine) => {
  test('a name that somebody took meanwhile is refused as taken', async (t) => {
    const { apply, database } = await setUp(engine, t)
    const one = (name: string) => ({ name, services: [{ name: `${name}-news`, timeZone: 'UTC' }] })
    await apply({ sites: [one('acme'), one('beta')] })
    const [acme] = await findSites(database)
    const [news] = await findServices(database)
    assert.ok(acme && news)
    await assert.rejects(renameSite(database, acme, 'beta'), { code: 'name-taken' })
    await assert.rejects(renameService(database, news, 'beta-news'), { code: 'name-taken' })
    assert.deepEqual(
      (await findSites(database)).map(({ name }) => name),
      ['acme', 'beta'],
    )
  })
})
