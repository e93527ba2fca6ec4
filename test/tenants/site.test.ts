import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createSite, findSites } from '../../src/tenants/site.ts'
import { forEachEngine } from '../support/engines.ts'

forEachEngine((engine) => {
  it('gives a site the number that is asked for, or the next free one', async (t) => {
    const database = await engine.open(t)
    assert.deepEqual({ ...(await createSite(database, { name: 'first', now: 0 })) }, { id: 1, name: 'first' })
    assert.equal((await createSite(database, { id: 50, name: 'asked', now: 0 })).id, 50)
    assert.equal((await createSite(database, { name: 'next', now: 0 })).id, 51)
    assert.deepEqual(
      (await findSites(database)).map(({ id, name }) => [id, name]),
      [
        [1, 'first'],
        [50, 'asked'],
        [51, 'next'],
      ],
    )
  })

  it('refuses a name or number that is taken', async (t) => {
    const database = await engine.open(t)
    await createSite(database, { id: 7, name: 'acme', now: 0 })
    await assert.rejects(createSite(database, { name: 'acme', now: 0 }), { code: 'name-taken' })
    await assert.rejects(createSite(database, { id: 7, name: 'other', now: 0 }), { code: 'name-taken' })
    assert.equal((await findSites(database)).length, 1)
  })
})
