import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { settled, someDelivery } from '../../delivery/some-delivery.ts'
import { addTenant, install, sharedInstallation } from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import { type Browser, PASSWORD, signedIn } from './console/signed-in.ts'

/** For so long a process sends by what it knows. */
const REMEMBERED_MS = 5_000

const send = (method: string, body: object) => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code
const confirm = (browser: Browser) => browser.fetch('/api/v1/me/confirm', { json: { password: PASSWORD } })

describe('the relay of a service that a person sets', () => {
  it('takes the service’s mail from every worker at once, and gives it back', async (t) => {
    const { url: databaseUrl, stop } = await startPostgres()
    t.after(stop)
    const credentials = { user: 'kaijo', pass: 'secret-word' }
    const general = await startSmtpSink()
    const own = await startSmtpSink({ credentials })
    t.after(async () => {
      await Promise.all([general.close(), own.close()])
    })
    const keys = { KAIJO_SECRET_KEYS: randomBytes(32).toString('base64') }
    const now = Date.now()
    const console = await install(t, 'postgres', { databaseUrl, env: keys, serves: 'http', now })
    const env = { ...keys, KAIJO_RELAY_URL: general.url }
    const workers = [
      await install(t, 'postgres', { databaseUrl, env, serves: 'worker', now }),
      await install(t, 'postgres', { databaseUrl, env, serves: 'worker', now }),
    ]
    const tenant = await addTenant(console)
    const mail = async (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `r${index}@example.jp`)
      const { id } = await console.capabilities.acceptDelivery(someDelivery(tenant, names))
      for (const { capabilities } of workers) capabilities.handOff.wake()
      await settled(console.capabilities, id, 'sent')
    }
    const browser = await signedIn(console, 'admin@example.com', { siteId: tenant.service.siteId })
    await confirm(browser)
    const setRelay = async (url: string | null) => {
      const path = `/api/v1/services/${tenant.service.id}/relay`
      assert.equal((await browser.fetch(path, send('PUT', { url }))).status, 200)
      await sleep(REMEMBERED_MS)
    }
    await mail(200)
    assert.deepEqual([general.messages.length, own.messages.length], [200, 0])
    await setRelay(`smtp://kaijo:secret-word@127.0.0.1:${own.port}`)
    await mail(200)
    assert.deepEqual([general.messages.length, own.messages.length], [200, 200])
    await setRelay(null)
    await mail(200)
    assert.deepEqual([general.messages.length, own.messages.length], [400, 200])
  })
})

describe('whoever would set or try the relay of a service', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http', now: Date.now() }))

  it('is an administrator who has just entered their password again', async (t) => {
    const tenant = await addTenant(installation())
    const { siteId, id } = tenant.service
    const sink = await startSmtpSink()
    t.after(() => sink.close())
    let connections = 0
    sink.setReply((stage) => {
      if (stage === 'connect') connections++
      return undefined
    })
    const { url } = sink
    const calls = [
      [`/api/v1/services/${id}/relay`, send('PUT', { url })],
      [`/api/v1/services/${id}`, send('PATCH', { relay: url })],
      [`/api/v1/services/${id}/relay/try`, send('POST', { url })],
      [`/api/v1/services/${id}/relay/try`, send('POST', {})],
    ] as const
    const operator = await signedIn(installation(), 'operator@example.com', { siteId, role: 'operator' })
    await confirm(operator)
    const administrator = await signedIn(installation(), 'administrator@example.com', { siteId })
    for (const [path, init] of calls) {
      assert.equal(await codeOf(await operator.fetch(path, init)), 'forbidden', path)
      assert.equal(await codeOf(await administrator.fetch(path, init)), 'confirmation-needed', path)
    }
    assert.equal(await installation().capabilities.relays.shown(id), null)
    assert.equal(connections, 0)

    await confirm(administrator)
    for (const [path, init] of calls) assert.equal((await administrator.fetch(path, init)).status, 200, path)
    assert.equal(connections, 2)
  })
})
