import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, sharedInstallation } from '../../support/installation.ts'

forEachEngine((engine) => {
  const installation = sharedInstallation(engine.name)

  it('lets the list of a sender hold no mail back where the customer excludes by himself, and every other list as ever', async () => {
    const { capabilities } = installation()
    const tenant = await addTenant(installation(), { settings: { automaticExclusion: false } })
    const { service, stop } = tenant
    await tenant.addFilter({ name: 'Tips', header: 'X-List', pattern: 'tips', match: 'exact' })
    await stop('sender:news@example.com', 'stopped@example.com')
    await stop('filter:Tips', 'tipless@example.com')
    await stop('hard-bounces', 'gone@example.com')
    await stop('complaints', 'angry@example.com')
    await stop('blocklist', 'blocked@example.com')
    const everyone = ['stopped', 'tipless', 'gone', 'angry', 'blocked'].map((name) => `${name}@example.com`)
    const { deliverable, excluded } = await capabilities.checkRecipients({
      service,
      from: { address: 'news@example.com' },
      headers: { 'X-List': 'tips' },
      recipients: everyone,
    })
    assert.deepEqual(deliverable, ['stopped@example.com'])
    assert.deepEqual(
      excluded.map(({ list }) => list),
      ['filter:Tips', 'hard-bounces', 'complaints', 'blocklist'],
    )
    const answer = await capabilities.acceptDelivery({
      ...{ service, createdBy: 'test', from: { address: 'news@example.com' }, subject: 's', text: 't' },
      transactional: false,
      recipients: everyone.map((to) => ({ to })),
    })
    assert.deepEqual(
      [answer.accepted, answer.excluded],
      [2, { 'hard-bounces': 1, complaints: 1, blocklist: 1 }],
    )
  })
})
