import assert from 'node:assert/strict'
import { it } from 'node:test'
import { toMasterKey } from '../../src/config/master-key.ts'
import { createPublicEndpoint } from '../../src/entry/http/public-endpoint.ts'
import { createServer, listen } from '../../src/entry/http/server.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { NOBODY_ERASED } from '../../src/suppression/erased/erased.ts'
import { createLinks } from '../../src/tokens/link.ts'
import {
  createAcceptRequest,
  createCarryOut,
  type PublicRequest,
} from '../../src/unsubscribe/accept-request.ts'
import { createFindPage } from '../../src/unsubscribe/find-page.ts'
import { repairKeys } from '../../src/unsubscribe/repair-keys.ts'
import { createUnverifiedStore } from '../../src/unsubscribe/unverified-request.ts'
import { forEachEngine } from '../support/engines.ts'
import { addTenant, type Installation, install, NOON, type Tenant } from '../support/installation.ts'
import type { Lifetime } from '../support/temp-dir.ts'

const NEWER = toMasterKey(Buffer.alloc(32, 8))
const NEVER_SEEN = toMasterKey(Buffer.alloc(32, 9))

forEachEngine((engine) => {
  it('carries out what came by links of another process, once this one has its key', async (t) => {
    const installation = await install(t, engine.name)
    const { database, keyring } = installation.capabilities
    const tenant = await addTenant(installation)
    const url = await serve(t, installation)
    const ofNewer = linkBy(NEWER, tenant, 'a@example.com')
    assert.equal(await post(url, ofNewer), 200)
    assert.equal(await post(url, ofNewer), 200)
    assert.equal(await post(url, linkBy(NEVER_SEEN, tenant, 'b@example.com')), 200)
    assert.equal(await tenant.wouldMail('a@example.com'), true)

    const untimely = await repair(installation)
    assert.equal(untimely.replayed, 0)
    assert.equal(untimely.stillUnknown.length, 2)

    installation.time.now = NOON + 3_600_000
    keyring.add(NEWER)
    assert.deepEqual(await repair(installation), {
      replayed: 1,
      broken: 0,
      stillUnknown: [{ keyId: NEVER_SEEN.id, count: 1, since: NOON }],
    })
    assert.equal(await tenant.wouldMail('a@example.com'), false)
    const [event, ...others] = await database.read(database.query.selectFrom('event').selectAll())
    assert.deepEqual(others, [])
    assert.equal(event?.requested_at, NOON)
    const evidence = JSON.parse(event?.evidence_json ?? '')
    assert.deepEqual([evidence.keyId, evidence.userAgent], [NEWER.id, 'provider'])
  })

  it('replays more than one round of them, the oldest first', async (t) => {
    const installation = await install(t, engine.name)
    const tenant = await addTenant(installation)
    const accept = createAcceptRequest(installation.capabilities.publicParts)
    for (let index = 0; index < 600; index++) {
      await accept(requestOf(tenant, linkBy(NEWER, tenant, `${index}@example.com`), NOON + index))
    }
    installation.capabilities.keyring.add(NEWER)
    const order: number[] = []
    const carryOut = createCarryOut(installation.capabilities.publicParts)
    const watched = async (request: PublicRequest) => {
      order.push(request.receivedAt)
      return carryOut(request)
    }
    assert.equal((await repair(installation, watched)).replayed, 600)
    assert.deepEqual(
      order,
      Array.from({ length: 600 }, (_, index) => NOON + index),
    )
  })

  it('keeps what could not be carried out, and drops what only claimed a key', async (t) => {
    const installation = await install(t, engine.name)
    const tenant = await addTenant(installation)
    const accept = createAcceptRequest(installation.capabilities.publicParts)
    const link = linkBy(NEWER, tenant, 'a@example.com')
    const forged = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`
    await accept(requestOf(tenant, link))
    await accept(requestOf(tenant, forged))
    installation.capabilities.keyring.add(NEWER)

    const failing = repair(installation, () => Promise.reject(new Error('the disk is full')))
    await assert.rejects(failing, /the disk is full/)
    assert.equal((await installation.capabilities.publicParts.unverified.waiting())[0]?.count, 2)
    assert.deepEqual(await repair(installation), { replayed: 1, broken: 1, stillUnknown: [] })
    assert.equal(await tenant.wouldMail('a@example.com'), false)
  })

  it('is not told that a request was taken when no more can be kept', async (t) => {
    const installation = await install(t, engine.name)
    const { database, publicParts } = installation.capabilities
    publicParts.unverified = createUnverifiedStore(database, NOBODY_ERASED, 1)
    const tenant = await addTenant(installation)
    const url = await serve(t, installation)
    assert.equal(await post(url, linkBy(NEWER, tenant, 'a@example.com')), 200)
    assert.equal(await post(url, linkBy(NEWER, tenant, 'b@example.com')), 503)
    assert.equal(await post(url, tenant.linkOf('c@example.com')), 200)
  })
})

function repair({ capabilities }: Installation, carryOut = createCarryOut(capabilities.publicParts)) {
  const { keyring, publicParts } = capabilities
  return repairKeys({ keyring, unverified: publicParts.unverified, carryOut })
}

/** The link that a process makes which holds this key. */
function linkBy(key: typeof NEWER, { list }: Tenant, recipient: string): string {
  const links = createLinks({ keyring: new Keyring([key]), publicUrl: 'http://localhost:8080' })
  return links.make(list, { recipient, mintedAt: NOON, message: null }).url
}

function requestOf({ sender }: Tenant, link: string, receivedAt = NOON): PublicRequest {
  const token = link.slice(link.indexOf('/-') + 2)
  return {
    target: { kind: 'token', classId: sender.classId, token },
    receivedAt,
    evidence: { method: 'POST', clientAddress: '192.0.2.1', userAgent: null },
    source: 'one-click',
  }
}

/** The public endpoint of the installation, on a port of its own. */
async function serve(t: Lifetime, { capabilities }: Installation): Promise<string> {
  const { database, pages, publicParts, lookUp, clock } = capabilities
  const endpoint = createPublicEndpoint({
    prefix: '',
    accept: createAcceptRequest(publicParts),
    findPage: createFindPage({ ...publicParts, database, lookUp, clock }),
    pages,
    clientAddress: () => '192.0.2.1',
    now: clock,
    onOutcome: () => {},
    onError: () => {},
  })
  const server = createServer((request, response) => void endpoint(request, response), undefined)
  const listener = await listen(server, { host: '127.0.0.1', port: 0 })
  t.after(listener.close)
  return listener.url
}

async function post(url: string, link: string): Promise<number> {
  const { pathname } = new URL(link)
  const headers = { 'user-agent': 'provider', connection: 'close' }
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  const response = await fetch(`${url}${pathname}`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}
