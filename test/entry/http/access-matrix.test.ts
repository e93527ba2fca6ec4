import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import Fastify from 'fastify'
import { putApiUser } from '../../../src/access/api-user.ts'
import { httpParts } from '../../../src/app/entrances.ts'
import { resolveLists } from '../../../src/tenants/list.ts'
import { addTenant, sharedInstallation, type Tenant } from '../../support/installation.ts'
import { NEEDS, type Need } from './access-needs.ts'
import { type Grants, PASSWORD, signedIn } from './console/signed-in.ts'

interface Caller {
  name: string
  /** What it may call on its own site. */
  may(need: Need): boolean
  call(method: string, path: string): Promise<{ status: number; code: string | undefined; text: string }>
}

const upTo =
  (...granted: Need[]) =>
  (need: Need) =>
    need === 'signed-in' || granted.includes(need)
const WORK: Need[] = ['view', 'download', 'send', 'edit']

/** Stands in everything of the other site: an answer that holds it shows what is not the caller's. */
const SECRET = 'of-the-other-site'

describe('every call of the native interface', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))
  let calls: { method: string; path: string }[]
  let own: Tenant
  let other: Tenant
  let otherPerson: string
  let otherApiUser: string
  const callers: Caller[] = []

  const answerOf = async (response: Response) => {
    const text = await response.text()
    return { status: response.status, code: /"code":"([^"]*)"/.exec(text)?.[1], text }
  }
  const person = async (name: string, grants: Grants, may: Caller['may']) => {
    const browser = await signedIn(installation(), `${name}@example.com`, {
      siteId: own.service.siteId,
      ...grants,
    })
    assert.equal((await browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })).status, 204)
    callers.push({
      name,
      may,
      call: async (method, path) => answerOf(await browser.fetch(`/api/v1${path}`, { method })),
    })
  }
  const program = async (name: string, permissions: Need[] | 'group-admin', may: Caller['may']) => {
    const { database, keyring, ids } = installation().capabilities
    const key = `key of ${name} here`
    await putApiUser(database, ids['api-user'], keyring, {
      ...{ name, key, siteId: own.service.siteId, services: [], now: installation().time.now },
      role: permissions === 'group-admin' ? permissions : 'user',
      permissions: permissions === 'group-admin' ? [] : (permissions as 'view'[]),
    })
    const headers = { authorization: `Bearer ${key}` }
    callers.push({
      name,
      may,
      call: async (method, path) =>
        answerOf(await fetch(`${installation().url}/api/v1${path}`, { method, headers })),
    })
  }

  before(async () => {
    const { capabilities, url } = installation()
    own = await addTenant(installation())
    other = await addTenant(installation(), { address: `${SECRET}@example.com` })
    await other.stop('hard-bounces', `${SECRET}@example.jp`)
    const { database } = capabilities
    await signedIn(installation(), `${SECRET}@example.net`, { siteId: other.service.siteId })
    const [row] = await database.read(
      database.query.selectFrom('person').select('id').where('email', '=', `${SECRET}@example.net`),
    )
    otherPerson = row?.id ?? ''
    const { user } = await putApiUser(database, capabilities.ids['api-user'], capabilities.keyring, {
      ...{ name: `${SECRET} program`, key: `${SECRET} key`, siteId: other.service.siteId },
      ...{ role: 'user', permissions: [], services: [], now: installation().time.now },
    })
    otherApiUser = String(user.id)
    await person('viewer', { role: 'viewer' }, upTo('view'))
    await person('operator', { role: 'operator' }, upTo(...WORK))
    const counts = { role: 'operator', permissions: ['error-count-reset'] } as const
    await person('counts', { ...counts, permissions: [...counts.permissions] }, upTo(...WORK, 'one-click'))
    await person('partly', { role: 'administrator', services: [own.service.name] }, upTo(...WORK, 'admin'))
    await person('administrator', { role: 'administrator' }, upTo(...WORK, 'admin', 'site-admin'))
    await person(
      'of-all-sites',
      { role: 'administrator', siteId: null },
      upTo(...WORK, 'admin', 'site-admin', 'installation'),
    )
    await program('looking', ['view'], upTo('view'))
    await program('sending', ['send'], upTo('send'))
    await program('admin', 'group-admin', upTo(...WORK, 'one-click', 'admin', 'site-admin'))

    const { paths } = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replace(/^\/api\/v1/, ''),
      })),
    )
  })

  /** A path with numbers and names that nothing has in the caller's own service. */
  const fill = (path: string, service: number, id = '999999999') =>
    path
      .replace('{service}', String(service))
      .replace('/people/{id}', `/people/${otherPerson}`)
      .replace('/api-users/{id}', `/api-users/${otherApiUser}`)
      .replace(/\{\w+\}/g, id)
  /** Who administers all sites sees all of them. */
  const ofOneSite = () => callers.filter(({ may }) => !may('installation'))
  const needOf = (method: string, path: string) => NEEDS[`${method} ${path}`] as Need
  const isForbidden = ({ status, code }: { status: number; code: string | undefined }) =>
    status === 403 && code === 'forbidden'

  it('has its place in this matrix', () => {
    assert.deepEqual(calls.map(({ method, path }) => `${method} ${path}`).sort(), Object.keys(NEEDS).sort())
  })

  /** All that this server answers below `/api/v1`, whether it describes it or not. */
  const registered = async () => {
    const app = Fastify()
    const routes: { method: string; path: string }[] = []
    app.addHook('onRoute', ({ method, url }) => {
      const path = url.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}')
      for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, path })
    })
    const native = httpParts(installation().capabilities, 'the control token').interfaces.find(({ paths }) =>
      paths.includes('/api/v1'),
    )
    await native?.register(app)
    await app.ready()
    await app.close()
    return routes
  }

  it('is all that there is, besides the description, and what the operator’s control token alone opens', async () => {
    const others = (await registered())
      .filter(({ method, path }) => NEEDS[`${method} ${path}`] === undefined)
      .filter(({ path }) => path !== '/openapi.json' && !path.startsWith('/docs'))
    assert.ok(others.length > 10)
    for (const { method, path } of others) {
      assert.match(path, /^\/operator\//)
      const url = `${installation().url}/api/v1${fill(path, own.service.id)}`
      assert.equal((await fetch(url, { method })).status, 401, `${method} ${path}`)
      for (const caller of callers) {
        const answer = await caller.call(method, fill(path, own.service.id))
        assert.ok(isForbidden(answer), `${caller.name}: ${method} ${path}: ${answer.status}`)
      }
    }
  })

  it('takes no change by a person’s cookie from a page of another origin, or of none', async () => {
    const changes = calls.filter(({ method }) => method !== 'GET')
    assert.ok(changes.length > 50)
    const { cookies } = await signedIn(installation(), 'led@example.com', { siteId: own.service.siteId })
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    for (const { method, path } of changes) {
      for (const from of [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site', origin: installation().url },
        { 'sec-fetch-site': 'same-site', origin: installation().url },
        { 'sec-fetch-site': 'none', origin: installation().url },
      ]) {
        const url = `${installation().url}/api/v1${fill(path, own.service.id)}`
        const { status } = await fetch(url, {
          method,
          headers: { cookie, ...from } as Record<string, string>,
        })
        assert.equal(status, 401, `${method} ${path} ${JSON.stringify(from)}`)
      }
    }
  })

  it('is closed to who is not signed in', async () => {
    for (const { method, path } of calls) {
      const url = `${installation().url}/api/v1${fill(path, own.service.id)}`
      assert.equal((await fetch(url, { method })).status, 401, `${method} ${path}`)
    }
  })

  it('is open to whom its need lets in, and to nobody else', async () => {
    for (const { method, path } of calls) {
      for (const caller of callers) {
        const answer = await caller.call(method, fill(path, own.service.id))
        // What concerns oneself is a person's; a program is told so.
        if (path.startsWith('/me') && ['looking', 'sending', 'admin'].includes(caller.name)) continue
        assert.notEqual(answer.status, 401, `${caller.name}: ${method} ${path}`)
        assert.equal(
          isForbidden(answer),
          !caller.may(needOf(method, path)),
          `${caller.name}: ${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`,
        )
      }
    }
  })

  it('knows no service of another site, whatever the caller may do on their own', async () => {
    for (const { method, path } of calls.filter((call) => call.path.includes('{service}'))) {
      for (const caller of ofOneSite()) {
        const { status, code, text } = await caller.call(method, fill(path, other.service.id))
        const name = `${caller.name}: ${method} ${path}`
        // A permission that people need besides is asked for before the service is looked at.
        if (needOf(method, path) === 'one-click' && status === 403) continue
        if (status === 409 && code === 'sender-is-permanent') continue
        assert.deepEqual([status, code], [404, 'unknown-service'], name)
        assert.ok(!text.includes(SECRET), name)
      }
    }
  })

  it('shows nothing of another site where no service is named', async () => {
    for (const { method, path } of calls.filter((call) => !call.path.includes('{service}'))) {
      for (const caller of ofOneSite()) {
        const { status, text } = await caller.call(method, fill(path, own.service.id))
        assert.ok(!text.includes(SECRET), `${caller.name}: ${method} ${path}`)
        if (path.includes('{id}')) assert.ok(status >= 400, `${caller.name}: ${method} ${path}`)
      }
    }
  })

  it('finds nothing of another service by its number', async () => {
    const { database } = installation().capabilities
    const lists = await resolveLists(database, other.service.id, 'hard-bounces')
    const numbers = [...lists.map(({ id }) => String(id)), other.sender.classId, '1', '2', '3']
    const administrator = callers.find(({ name }) => name === 'admin') as Caller
    for (const { method, path } of calls) {
      if (!/\{service\}.*\{/.test(path)) continue
      for (const id of numbers) {
        const { status, text } = await administrator.call(method, fill(path, own.service.id, id))
        assert.ok(status >= 400, `${method} ${path} ${id}`)
        assert.ok(!text.includes(SECRET), `${method} ${path} ${id}`)
      }
    }
  })
})
