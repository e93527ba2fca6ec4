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

  it('leaves one administrator of two who take each other’s rights away at once', async (t) => {
    const database = await engine.open(t)
    for (let round = 0; round < 5; round++) {
      const admins = await Promise.all(
        ['one', 'other'].map((name) => {
          const email = `${name}${round}@example.com`
          return createPerson(database, { ...REQUEST, email, role: 'administrator', siteId: null }, 1)
        }),
      )
      const changes = admins.map(({ id }) => updatePerson(database, id, { role: 'viewer' }, { now: 2 }))
      const outcomes = (await Promise.allSettled(changes)).map(({ status }) => status)
      assert.deepEqual(outcomes.toSorted(), ['fulfilled', 'rejected'])
      // The next two are by themselves again.
      await database.transact([database.query.updateTable('person').set({ disabled_at: 3 })])
    }
  })

  it('signs somebody out whose rights were changed, and nobody by a change that is refused', async (t) => {
    const database = await engine.open(t)
    const { query } = database
    const sessions = async () => {
      const rows = await database.read(query.selectFrom('person_session').select('person_id'))
      return rows.map(({ person_id }) => person_id)
    }
    const last = await createPerson(database, { ...REQUEST, role: 'administrator', siteId: null }, 1)
    const times = { created_at: 1, updated_at: 1, expires_at: 9, confirmed_at: null }
    const session = { id: 's', person_id: last.id, token: 't', ip_address: null, user_agent: null }
    await database.transact([query.insertInto('person_session').values({ ...session, ...times })])
    const refused = updatePerson(database, last.id, { role: 'viewer' }, { now: 2 })
    await assert.rejects(refused, { code: 'wrong-state' })
    await updatePerson(database, last.id, { name: 'H' }, { now: 3 })
    assert.deepEqual(await sessions(), [last.id])
    await updatePerson(database, last.id, { services: ['shop'] }, { now: 4 })
    assert.deepEqual(await sessions(), [])
  })
})
