import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ApiUser, PERMISSIONS } from '../../src/access/api-user.ts'
import { actorOf, administeredSite, authorise, type Caller } from '../../src/access/authorise.ts'

const NEWS = { id: 10, siteId: 1, name: 'news' }
const SHOP = { id: 11, siteId: 1, name: 'shop' }
const FOREIGN = { id: 20, siteId: 2, name: 'foreign' }

const caller = (change: Partial<ApiUser>): Caller => ({
  kind: 'api-user',
  user: { id: 1, siteId: 1, name: 'api', role: 'user', permissions: [], services: [], ...change },
})

test('the operator may do everything everywhere', () => {
  for (const permission of PERMISSIONS) authorise({ kind: 'operator' }, FOREIGN, permission)
  assert.equal(administeredSite({ kind: 'operator' }), undefined)
})

test('a group admin may do everything in its services and nothing in others of the site', () => {
  const admin = caller({ role: 'group-admin', services: ['news'] })
  for (const permission of PERMISSIONS) authorise(admin, NEWS, permission)
  assert.throws(() => authorise(admin, SHOP, 'view'), { code: 'forbidden' })
})

test('a user may do what its permissions say and nothing else', () => {
  for (const granted of PERMISSIONS) {
    const user = caller({ permissions: [granted] })
    authorise(user, NEWS, granted)
    for (const other of PERMISSIONS.filter((permission) => permission !== granted)) {
      assert.throws(() => authorise(user, NEWS, other), { code: 'forbidden', message: new RegExp(other) })
    }
  }
})

test('no services named means all of the site', () => {
  authorise(caller({ permissions: ['view'] }), SHOP, 'view')
})

test('a service of another site does not exist, whatever the role', () => {
  for (const role of ['group-admin', 'user'] as const) {
    const stranger = caller({ role, permissions: ['view'], services: ['foreign'] })
    assert.throws(() => authorise(stranger, FOREIGN, 'view'), {
      code: 'unknown-service',
      message: 'there is no service 20',
      field: 'service',
    })
  }
})

test('only a group admin of all services administers the site', () => {
  assert.equal(administeredSite(caller({ role: 'group-admin' })), 1)
  assert.throws(() => administeredSite(caller({ role: 'group-admin', services: ['news'] })), {
    code: 'forbidden',
  })
  assert.throws(() => administeredSite(caller({ permissions: [...PERMISSIONS] })), { code: 'forbidden' })
})

test('an API user named operator is not taken for the operator in the record', () => {
  assert.notEqual(actorOf(caller({ name: 'operator' })), actorOf({ kind: 'operator' }))
})
