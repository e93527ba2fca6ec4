import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addTenant, sharedInstallation } from '../../../support/installation.ts'
import { PASSWORD, signedIn } from './signed-in.ts'

describe('one-click lists', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http,worker', now: Date.now() }))
  let people = 0

  const begin = async (permissions: string[]) => {
    const tenant = await addTenant(installation())
    await tenant.stop('sender:news@example.com', 'taro@example.jp')
    people += 1
    const grants = { role: 'operator', permissions, siteId: tenant.service.siteId } as const
    const browser = await signedIn(installation(), `lists${people}@example.com`, grants)
    return { tenant, browser, service: `/api/v1/services/${tenant.service.id}` }
  }
  const json = { list: 'sender:news@example.com', addresses: ['taro@example.jp'] }

  it('are closed to an operator without the permission error-count-reset', async () => {
    const { browser, service, tenant } = await begin([])
    await browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })
    const refused = [
      await browser.fetch(`${service}/exports/one-click?sender=news@example.com`),
      await browser.fetch(`${service}/suppressions/resume`, { json }),
      await browser.fetch(`${service}/imports?list=sender:news@example.com&action=remove`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: 'email\ntaro@example.jp\n',
      }),
    ]
    assert.deepEqual(
      refused.map(({ status }) => status),
      [403, 403, 403],
    )
    assert.equal(await tenant.wouldMail('taro@example.jp'), false)
  })

  it('open with it, and with the password entered again', async () => {
    const { browser, service, tenant } = await begin(['error-count-reset'])
    assert.equal((await browser.fetch(`${service}/exports/one-click?sender=news@example.com`)).status, 200)
    assert.equal((await browser.fetch(`${service}/suppressions/resume`, { json })).status, 403)
    await browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })
    assert.equal((await browser.fetch(`${service}/suppressions/resume`, { json })).status, 200)
    assert.equal(await tenant.wouldMail('taro@example.jp'), true)
  })

  it('tell how far an import is until it has ended', async () => {
    const { browser, service } = await begin([])
    const received = await browser.fetch(`${service}/imports?list=hard-bounces&action=add`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'email\nhanako@example.jp\n',
    })
    const { id } = (await received.json()) as { id: number }
    const events = await (await browser.fetch(`${service}/imports/${id}/progress`)).text()
    const last = events.trim().split('\n\n').at(-1) ?? ''
    const { state, rows } = JSON.parse(last.replace(/^data: /, ''))
    assert.equal(state, 'done')
    assert.equal(rows.changed, 1)
  })
})
