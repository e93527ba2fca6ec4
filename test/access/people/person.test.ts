import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  createPerson,
  findPersonById,
  type PersonRequest,
  revisionOfPerson,
  updatePerson,
} from '../../../src/access/people/person.ts'
import { forEachEngine } from '../../support/engines.ts'

const REQUEST: PersonRequest = {
  ...{ email: 'hanako@example.com', name: 'Hanako', role: 'operator', permissions: ['error-count-reset'] },
  ...{ siteId: 1, services: ['news'] },
}

forEachEngine((engine) => {
  it('changes a person for who saw them as they are, and refuses whoever saw them otherwise', async (t) => {
    const database = await engine.open(t)
    const person = await createPerson(database, REQUEST, 1)
    const seen = revisionOfPerson(person)
    const first = await updatePerson(database, person.id, { services: [] }, { now: 2, seen })
    assert.deepEqual(first, { ...person, services: [] })
    const late = updatePerson(database, person.id, { role: 'administrator' }, { now: 3, seen })
    await assert.rejects(late, { code: 'changed-meanwhile', field: 'revision' })
    assert.deepEqual(await findPersonById(database, person.id), first)
    // Who names no revision changes whatever there is.
    const renamed = await updatePerson(database, person.id, { name: 'H' }, { now: 4 })
    assert.deepEqual(renamed, { ...first, name: 'H' })
  })

  it('carries out one of several changes to the same person, and loses nothing of changes that name no revision', async (t) => {
    const database = await engine.open(t)
    const person = await createPerson(database, { ...REQUEST, siteId: null }, 1)
    const seen = revisionOfPerson(person)
    const held = ['a', 'b', 'c'].map((name) => updatePerson(database, person.id, { name }, { now: 2, seen }))
    const outcomes = (await Promise.allSettled(held)).map(({ status }) => status)
    assert.deepEqual(outcomes.toSorted(), ['fulfilled', 'rejected', 'rejected'])
    await Promise.all([
      updatePerson(database, person.id, { role: 'viewer' }, { now: 3 }),
      updatePerson(database, person.id, { services: ['shop'] }, { now: 3 }),
      updatePerson(database, person.id, { disabled: true }, { now: 3 }),
    ])
    const { role, services, disabledAt } = (await findPersonById(database, person.id)) ?? person
    assert.deepEqual([role, services, disabledAt], ['viewer', ['shop'], 3])
  })

  it('leaves nobody without an administrator of all sites', async (t) => {
    const database = await engine.open(t)
    const admin = (email: string) =>
      createPerson(database, { ...REQUEST, email, role: 'administrator', siteId: null }, 1)
    const one = await admin('one@example.com')
    const other = await admin('other@example.com')
    await updatePerson(database, one.id, { disabled: true }, { now: 2 })
    const last = updatePerson(database, other.id, { role: 'viewer' }, { now: 3 })
    await assert.rejects(last, { code: 'wrong-state' })
    assert.equal((await findPersonById(database, other.id))?.role, 'administrator')
  })
})
