import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createAuthenticate } from '../../src/access/authenticate.ts'
import { firstStart } from '../../src/access/first-start.ts'
import { provision } from '../../src/access/provision/provision.ts'
import { provisionParts } from '../../src/entry/http/parts/native-parts.ts'
import { findSites } from '../../src/tenants/site.ts'
import { forEachEngine } from '../support/engines.ts'
import { install } from '../support/installation.ts'

forEachEngine(({ name: engine }) => {
  it('the first start makes a site, a service and an API user whose key signs in', async (t) => {
    const { capabilities } = await install(t, engine)
    const made = await firstStart(provisionParts(capabilities, 'operator'))
    assert.ok(made && made.apiUser.key.length >= 32)
    assert.deepEqual(made.service, { id: 1, name: 'default' })
    const authenticate = createAuthenticate({ ...capabilities, sleep: async () => {}, onRefused: () => {} })
    const { role, services } = await authenticate({ key: made.apiUser.key })
    assert.deepEqual({ role, services }, { role: 'group-admin', services: [] })
  })

  it('a later start, and one after provisioning, makes nothing', async (t) => {
    const { capabilities } = await install(t, engine)
    const parts = provisionParts(capabilities, 'operator')
    await provision(parts, { sites: [{ name: 'acme' }] })
    assert.equal(await firstStart(parts), undefined)
    assert.deepEqual(await findSites(capabilities.database), [{ id: 1, name: 'acme' }])
  })

  for (const { left, services } of [
    { left: 'a site', services: [] },
    { left: 'a site and a service', services: [{ name: 'default' }] },
  ]) {
    it(`a start after one that was cut off with ${left} made offers credentials all the same, once`, async (t) => {
      const { capabilities } = await install(t, engine)
      const { database } = capabilities
      const parts = provisionParts(capabilities, 'operator')
      await provision(parts, { sites: [{ name: 'default', services }] })
      const made = await Promise.all([1, 2, 3].map(() => firstStart(parts)))
      const [credentials, ...others] = made.filter((each) => each !== undefined)
      assert.deepEqual(others, [])
      assert.deepEqual(await findSites(database), [{ id: 1, name: 'default' }])
      assert.deepEqual(credentials?.service, { id: 1, name: 'default' })
      const authenticate = createAuthenticate({ ...capabilities, sleep: async () => {}, onRefused: () => {} })
      assert.equal((await authenticate({ key: credentials?.apiUser.key ?? '' })).name, 'admin@localhost')
      assert.equal(await firstStart(parts), undefined)
    })
  }

  it('a site of that name which an operator has put to use gets no credentials', async (t) => {
    const { capabilities } = await install(t, engine)
    const parts = provisionParts(capabilities, 'operator')
    await provision(parts, { sites: [{ name: 'default', services: [{ name: 'news' }] }] })
    assert.equal(await firstStart(parts), undefined)
  })

  it('of processes that start at the same moment one hands out credentials', async (t) => {
    const { capabilities } = await install(t, engine)
    const parts = provisionParts(capabilities, 'operator')
    const made = await Promise.all([1, 2, 3, 4].map(() => firstStart(parts)))
    assert.equal(made.filter((credentials) => credentials !== undefined).length, 1)
  })
})
