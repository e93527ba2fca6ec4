import assert from 'node:assert/strict'
import { it } from 'node:test'
import { addApiUser, authPlain } from '../entry/smtp/gateway.ts'
import { connectRaw } from '../entry/smtp/raw-client.ts'
import { addTenant, install } from '../support/installation.ts'

it('counts wrong keys together, whichever way somebody tries them', async (t) => {
  const installation = await install(t, 'sqlite', { serves: 'smtp', env: { KAIJO_SERVICES: 'http,smtp' } })
  const { service } = await addTenant(installation)
  const user = await addApiUser(installation, service)
  const authorization = `Basic ${Buffer.from(`${user}:wrong-key`).toString('base64')}`
  const { status } = await fetch(`${installation.url}/api/v1/me`, { headers: { authorization } })
  assert.equal(status, 401)
  const started = performance.now()
  const client = await connectRaw(installation.smtp)
  t.after(() => client.destroy())
  await client.say('EHLO client')
  assert.match(await client.say(authPlain(user, 'wrong-key')), /^535 /)
  // The second in a row is held back for twice as long as the first.
  assert.ok(performance.now() - started > 590)
})
