import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { findApiUserByName } from '../../../src/access/api-user.ts'
import { revokeApiUser, rotateKey } from '../../../src/access/api-user-changes.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { someService } from '../../tenants/some-service.ts'
import {
  addApiUser,
  addClient,
  authPlain,
  type Client,
  type Gateway,
  KEY,
  mail,
  send,
  sharedGateway,
} from './gateway.ts'
import { connectRaw, type RawClient } from './raw-client.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('signing in over SMTP', () => {
  const shared = sharedGateway('sqlite')
  let gateway: Gateway
  let client: Client
  let raw: RawClient
  beforeEach(async (t) => {
    gateway = shared()
    client = await addClient(gateway)
    raw = await connectRaw(gateway.installation.smtp)
    await raw.say('EHLO client')
    if ('after' in t) t.after(() => raw.destroy())
  })

  it('knows PLAIN and LOGIN, with and without an initial response, and nothing else', async () => {
    const again = async () => {
      const next = await connectRaw(gateway.installation.smtp)
      assert.match(await next.say('EHLO client'), /\r\n250-AUTH PLAIN LOGIN\r\n/)
      return next
    }
    const plain = await again()
    assert.equal(await plain.say('AUTH PLAIN'), '334')
    assert.match(await plain.say(base64(`\0${client.user}\0${KEY}`)), /^235 2\.7\.0 /)
    const login = await again()
    assert.match(await login.say('AUTH LOGIN'), /^334 /)
    assert.match(await login.say(base64(client.user)), /^334 /)
    assert.match(await login.say(base64(KEY)), /^235 /)
    const other = await again()
    assert.match(await other.say('AUTH CRAM-MD5'), /^504 5\.5\.4 /)
    assert.match(await other.say('AUTH XOAUTH2 abc='), /^504 /)
    for (const one of [plain, login, other]) one.destroy()
  })

  it('takes no mail from anyone who has not', async () => {
    for (const command of ['MAIL FROM:<>', 'RCPT TO:<a@example.jp>', 'DATA']) {
      assert.equal(await raw.say(command), '530 5.7.0 authentication is required')
    }
  })

  it('slows and counts wrong keys, closes the connection after some, and locks nobody out', async () => {
    const before = await refusals()
    const start = performance.now()
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.equal(await raw.say(authPlain(client.user, 'wrong-key')), '535 5.7.8 the credentials are wrong')
    }
    assert.ok(performance.now() - start > 890)
    assert.match(await raw.say(authPlain(client.user)), /^421 4\.7\.0 /)
    assert.equal(await raw.closed(), '')
    assert.equal((await refusals()) - before, 3)
    const next = await connectRaw(gateway.installation.smtp)
    await next.say('EHLO client')
    assert.match(await next.say(authPlain(client.user)), /^235 /)
    next.destroy()
  })

  it('does not count whoever signs in with a suffix', async () => {
    const before = await refusals()
    assert.match(await raw.say(authPlain(`${client.user}+${client.service.name}`)), /^235 /)
    assert.equal(await refusals(), before)
  })

  it('takes the service by name or by id, plus signs in the user name left alone', async () => {
    const name = `a+b+${client.service.id}@acme.example`
    await addApiUser(gateway.installation, client.service, { name })
    for (const login of [name, `${name}+${client.service.name}`, `${name}+${client.service.id}`]) {
      const next = await client.raw(login)
      assert.match(await send(next, mail()), /^250 /, login)
      next.destroy()
    }
    assert.equal((await client.rows()).messages, 3)
  })

  it('asks for the service where there are several', async () => {
    const { database } = gateway.installation.capabilities
    const user = await addApiUser(gateway.installation, client.service, { name: `two-${client.service.id}` })
    await database.transact([
      database.query
        .updateTable('service')
        .set({ site_id: client.service.siteId })
        .where('id', '=', (await someService(database)).service.id),
    ])
    assert.equal(
      await raw.say(authPlain(user)),
      `535 5.7.8 ${user} may use several services: sign in as NAME+SERVICE, e.g. ${user}+${client.service.name}`,
    )
    assert.match(await raw.say(authPlain(`${user}+${client.service.name}`)), /^235 /)
  })

  it('refuses services of others, and users who may not send', async () => {
    const other = await addClient(gateway)
    assert.match(
      await raw.say(authPlain(`${client.user}+${other.service.name}`)),
      /^535 5\.7\.8 there is no service/,
    )
    const viewer = { name: `viewer-${client.service.id}`, role: 'user', permissions: ['view'] } as const
    await addApiUser(gateway.installation, client.service, {
      ...viewer,
      permissions: [...viewer.permissions],
    })
    assert.match(await raw.say(authPlain(viewer.name)), /^535 5\.7\.8 .* lacks the permission send$/)
  })

  it('lets nobody act for someone else', async () => {
    const token = base64(`boss@acme.example\0${client.user}\0${KEY}`)
    assert.match(await raw.say(`AUTH PLAIN ${token}`), /^535 5\.7\.8 /)
  })

  it('ends on open connections too, and what a service allows changes there, within seconds', async () => {
    await raw.say(authPlain(client.user))
    const other = mail().replace('news@example.com', 'info@other.example')
    assert.match(await send(raw, other), /^550 5\.7\.1 info@other\.example is not a sender/)
    const { database } = gateway.installation.capabilities
    await updateService(database, client.service.id, { allowedDomains: ['other.example'] })
    gateway.installation.time.now += 5_000
    assert.match(await send(raw, other), /^250 /)
    await addApiUser(gateway.installation, client.service, { role: 'user' })
    gateway.installation.time.now += 5_000
    assert.match(await send(raw, other), /^550 5\.7\.1 .* lacks the permission send$/)
    assert.equal((await client.rows()).messages, 1)
  })

  it('ends on open connections with the key, once a new one does not leave it a time', async () => {
    await raw.say(authPlain(client.user))
    const { capabilities, time } = gateway.installation
    const { database, keyring } = capabilities
    const { id = 0 } = (await findApiUserByName(database, client.user)) ?? {}
    const rotate = (key: string, previousUntil?: number) =>
      rotateKey(database, keyring, { id, key, previousUntil })
    await rotate('another-key-1', time.now + 60_000)
    time.now += 5_000
    assert.match(await send(raw, mail()), /^250 /)
    await rotate('another-key-2')
    time.now += 5_000
    assert.match(await send(raw, mail()), /^550 5\.7\.1 the key of .* has ended/)
    const fresh = await connectRaw(gateway.installation.smtp)
    await fresh.say('EHLO client')
    assert.match(await fresh.say(authPlain(client.user, 'another-key-2')), /^235 /)
    assert.match(await send(fresh, mail()), /^250 /)
    await revokeApiUser(database, id)
    time.now += 5_000
    assert.match(await send(fresh, mail()), /^550 5\.7\.1 there is no API user/)
    fresh.destroy()
  })

  async function refusals(): Promise<number> {
    const { registry } = gateway.installation.capabilities.meters
    const metric = await registry.getSingleMetric('kaijo_refused_sign_ins_total')?.get()
    return metric?.values[0]?.value ?? 0
  }
})
