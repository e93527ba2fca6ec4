import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freePort } from '../../support/free-port.ts'
import { addTenant, install } from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'
import {
  assertPublic,
  begin,
  evidenceOf,
  get,
  PAGE,
  post,
  press,
  URLENCODED,
  until,
} from './public-requests.ts'
import { send } from './raw-http.ts'

describe('an installation behind proxies, with a path in its public URL and a listener of its own', () => {
  it('understands the prefix and believes the proxies alone', async (t) => {
    const port = await freePort()
    const installation = await install(t, 'sqlite', {
      serves: 'http',
      env: {
        KAIJO_PUBLIC_URL: 'https://u.example.com/mail/stop',
        KAIJO_PUBLIC_LISTEN: `127.0.0.1:${port}`,
        KAIJO_TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.0/8',
      },
    })
    const { linkOf, list, wouldMail, sender } = await addTenant(installation)
    const own = `http://127.0.0.1:${port}`
    const headers = [URLENCODED, 'X-Forwarded-For: 203.0.113.66, 198.51.100.7, 10.1.2.3']
    for (const [url, name] of [
      [own, 'a@example.com'],
      [installation.url, 'b@example.com'],
    ] as const) {
      const { pathname } = new URL(linkOf(name))
      assert.ok(pathname.startsWith(`/mail/stop/${sender.classId}/-`))
      const page = await send(url, get(pathname, `Accept: ${PAGE}`))
      const stopped = await press(url, page)
      assertPublic(stopped, 200)
      assert.equal(await wouldMail(name), false)
      await press(url, stopped)
      assert.equal(await wouldMail(name), true)
      // As a proxy that strips the prefix hands it over.
      assertPublic(await send(url, post(pathname.replace('/mail/stop', ''), headers)), 200)
      assert.equal(await wouldMail(name), false)
    }
    const addresses = (await evidenceOf(installation, list.id)).map(
      ([, , { clientAddress }]) => clientAddress,
    )
    assert.ok(addresses.includes('198.51.100.7') && !addresses.includes('203.0.113.66'))

    for (const path of ['/', '/healthz', '/api/v1/services', '/mail/stop/']) {
      const response = await send(own, get(path, 'Connection: close'))
      assert.equal(response.status, 404, path)
    }
  })
})

describe('an installation whose database is away', () => {
  it('answers 503 with Retry-After when the journal takes nothing either, and 200 when it does', async (t) => {
    const server = await startPostgres({ dedicated: true })
    t.after(() => server.stop())
    const installation = await install(t, 'postgres', { databaseUrl: server.url, serves: 'http' })
    const { targetOf, url, wouldMail } = await begin(installation)
    // A list that nobody asked for before the database went away.
    const unmet = await begin(installation)
    const [known, page] = [targetOf('known@example.com'), targetOf('page@example.com')]
    assertPublic(await send(url, get(page)), 200)
    await server.stop()

    const kept = await send(url, post(known, [URLENCODED]))
    assertPublic(kept, 200)
    assert.match(kept.body, /^You have unsubscribed/)
    assert.match((await send(url, get(page, `Accept: ${PAGE}`))).body, /Unsubscribe<\/button>/)
    const taken = await send(
      url,
      post(unmet.targetOf('unmet@example.com'), [URLENCODED, 'Accept-Language: en']),
    )
    assertPublic(taken, 200)
    assert.match(taken.body, /^Your request has been taken/)
    const broken = await send(url, post(known.slice(0, -3), [URLENCODED]))
    assertPublic(broken, 200)
    assert.match(broken.body, /^Nothing was changed/)
    const unknown = await send(url, get(page.replace(/^\/.{16}/, '/aaaaaaaaaaaaaaaa')))
    assertPublic(unknown, 503)
    assert.equal(unknown.headers['retry-after'], '60')

    // The journal's file, set aside for its replay, makes room for something that cannot be appended to.
    const [file, replaying] = ['requests.ndjson', 'replaying.ndjson'].map((name) =>
      join(installation.dataDir, 'journal', name),
    ) as [string, string]
    await until(async () => existsSync(replaying))
    mkdirSync(file)
    const refused = await send(url, post(page, [URLENCODED]))
    assertPublic(refused, 503)
    assert.equal(refused.headers['retry-after'], '60')
    rmdirSync(file)

    await server.start()
    await until(async () => {
      installation.time.now += 1_000
      return !(await wouldMail('known@example.com').catch(() => true))
    })
    assert.equal(await wouldMail('page@example.com'), true)
    assert.equal(await unmet.wouldMail('unmet@example.com'), false)
  })
})
