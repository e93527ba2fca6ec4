import assert from 'node:assert/strict'
import { it } from 'node:test'
import { txtStrings } from '../../../src/mail/dkim-keys.ts'
import { startDnsServer } from '../../support/dns-server.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, sharedInstallation } from '../../support/installation.ts'
import type { Lifetime } from '../../support/temp-dir.ts'
import { signedIn } from './console/signed-in.ts'

let domains = 0

interface Answer {
  domain: string
  keys: {
    selector: string
    dnsName: string
    record: string
    state: string
    signs: boolean
    dns: string
    ok: boolean
  }[]
  findings: { name: string; status: string; detail: string }[]
  code: string
}

forEachEngine((engine) => {
  const installation = sharedInstallation(engine.name, () => ({ serves: 'http', now: Date.now() }))

  /** A sender of a domain of its own, looked at by someone who may only look. */
  const start = async (t: Lifetime, below = '') => {
    const dns = await startDnsServer(t)
    dns.askedHere()
    domains += 1
    const domain = `dns${domains}.example`
    const { capabilities, time } = installation()
    const tenant = await addTenant(installation(), { address: `news@${below}${domain}` })
    const { siteId, id } = tenant.service
    const email = `viewer@${domain}`
    const viewer = await signedIn(installation(), email, { role: 'viewer', siteId })
    const path = `/api/v1/services/${id}/senders/${tenant.sender.classId}/dns`
    const answerOf = async (response: Promise<Response>) => (await (await response).json()) as Answer
    const { dkim } = capabilities
    const create = (selector: string, more: object = {}) =>
      dkim.create({ domain, selector, algorithm: 'both', now: time.now, ...more })
    return {
      ...{ dns, domain, tenant, dkim, create, time, path, viewer },
      show: () => answerOf(viewer.fetch(path)),
      check: async () => {
        const answer = await answerOf(viewer.fetch(`${path}/check`, { method: 'POST' }))
        return { ...answer, found: Object.fromEntries(answer.keys.map((key) => [key.dnsName, key.dns])) }
      },
    }
  }

  it('shows what a sender’s domain has to publish, of both kinds, and which keys sign', async (t) => {
    const { create, domain, show, dkim, time } = await start(t)
    assert.deepEqual((await show()).keys, [])
    await create('k1')
    await dkim.rotate({ domain, selector: 'k2', algorithm: 'rsa-sha256', now: time.now })
    const { keys } = await show()
    assert.deepEqual(
      keys.map(({ selector, dnsName, state, signs }) => [selector, dnsName, state, signs]),
      [
        ['k1-ed25519', `k1-ed25519._domainkey.${domain}`, 'signing', true],
        ['k1-rsa', `k1-rsa._domainkey.${domain}`, 'signing', true],
        ['k2', `k2._domainkey.${domain}`, 'waiting', false],
      ],
    )
    assert.match(keys[0]?.record ?? '', /^v=DKIM1; k=ed25519; p=[\w+/=]{44}$/)
    assert.match(keys[1]?.record ?? '', /^v=DKIM1; k=rsa; p=MII/)
  })

  it('tells what DNS has: the key in however many strings, another one, none, or no answer', async (t) => {
    const { create, domain, check, dns, dkim, show } = await start(t)
    await create('k1')
    const [ed, rsa] = (await show()).keys
    assert.ok(ed && rsa)
    assert.deepEqual(Object.values((await check()).found), ['missing', 'missing'])
    dns.zone.set(rsa.dnsName, txtStrings(rsa.record))
    assert.equal(dns.zone.get(rsa.dnsName)?.length, 2)
    dns.zone.set(ed.dnsName, [rsa.record.slice(0, 200)])
    const { found, keys } = await check()
    assert.deepEqual(found, { [rsa.dnsName]: 'published', [ed.dnsName]: 'differs' })
    assert.deepEqual(
      keys.map(({ ok }) => ok),
      [false, true],
    )
    dns.zone.set(ed.dnsName, ['v=DKIM1; k=ed25519; p='])
    dns.zone.delete(rsa.dnsName)
    dns.broken.add(rsa.dnsName)
    assert.deepEqual((await check()).found, { [rsa.dnsName]: 'unseen', [ed.dnsName]: 'revoked' })
    assert.deepEqual(
      (await dkim.list(domain)).map(({ signsFrom }) => signsFrom !== null),
      [true, true],
    )
  })

  it('begins nothing that waits: looking changes nothing', async (t) => {
    const { create, check, dns, dkim, domain, time } = await start(t)
    await create('k1')
    const [next] = await dkim.rotate({ domain, selector: 'k2', algorithm: 'rsa-sha256', now: time.now })
    assert.ok(next)
    dns.zone.set(next.dnsName, txtStrings(next.record))
    assert.equal((await check()).found[next.dnsName], 'published')
    const after = (await dkim.list(domain)).find(({ selector }) => selector === 'k2')
    assert.equal(after?.signsFrom, null)
  })

  it('tells of the keys of a domain above, and not of another service’s own', async (t) => {
    const { create, domain, dkim, show, tenant, time } = await start(t, 'mail.')
    await create('k1')
    const other = await addTenant(installation())
    const own = { domain: `mail.${domain}`, algorithm: 'ed25519-sha256', now: time.now } as const
    await dkim.create({ ...own, selector: 'theirs', serviceId: other.service.id })
    const selectors = async () => (await show()).keys.map(({ selector, signs }) => [selector, signs])
    assert.deepEqual(await selectors(), [
      ['k1-ed25519', true],
      ['k1-rsa', true],
    ])
    // It would take over from keys that sign, and so it waits.
    await dkim.create({ ...own, selector: 'ours', serviceId: tenant.service.id })
    assert.deepEqual((await selectors())[0], ['ours', false])
    await dkim.activate({ domain: own.domain, selector: 'ours', now: time.now })
    assert.deepEqual(await selectors(), [['ours', true]])
  })

  it('tells of SPF and DMARC as the doctor does, and of where base_url leads', async (t) => {
    const { check, dns, domain } = await start(t)
    const statusOf = (answer: Answer, name: string) =>
      answer.findings.find((finding) => finding.name.startsWith(name))?.status
    const before = await check()
    assert.deepEqual([statusOf(before, 'SPF'), statusOf(before, 'DMARC')], ['warning', 'warning'])
    dns.zone.set(domain, ['v=spf1 include:relay.example -all'])
    dns.zone.set(`_dmarc.${domain}`, ['v=DMARC1; p=everything'])
    const after = await check()
    assert.deepEqual([statusOf(after, 'SPF'), statusOf(after, 'DMARC')], ['ok', 'failed'])
    assert.ok(statusOf(after, 'public URL'))
  })

  it('knows no sender of another service', async (t) => {
    const { path, viewer, tenant } = await start(t)
    const other = await addTenant(installation())
    const theirs = path.replace(tenant.sender.classId, other.sender.classId)
    for (const request of [viewer.fetch(theirs), viewer.fetch(`${theirs}/check`, { method: 'POST' })]) {
      const response = await request
      assert.equal(response.status, 404)
      assert.equal(((await response.json()) as Answer).code, 'unknown-sender')
    }
  })
})
