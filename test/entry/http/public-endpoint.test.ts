import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { forEachEngine } from '../../support/engines.ts'
import { freePort } from '../../support/free-port.ts'
import {
  addTenant,
  type Installation,
  install,
  NOON,
  sharedInstallation,
} from '../../support/installation.ts'
import { startPostgres } from '../../support/postgres.ts'
import { openRaw, type RawResponse, send } from './raw-http.ts'

const ONE_CLICK = 'List-Unsubscribe=One-Click'
const HOST = 'Host: u.example.com'
const URLENCODED = 'Content-Type: application/x-www-form-urlencoded'
const BOUNDARY = '---FormBoundaryjWmhtjORrn'
const PART = 'Content-Disposition: form-data; name="List-Unsubscribe"'
const PAGE = 'text/html,application/xhtml+xml,*/*;q=0.8'

/** A request with a body of the length that it says. */
function post(target: string, headers: readonly string[], body = ONE_CLICK): string {
  return [`POST ${target} HTTP/1.1`, HOST, ...headers, `Content-Length: ${body.length}`, '', body].join(
    '\r\n',
  )
}

function get(target: string, ...headers: string[]): string {
  return [`GET ${target} HTTP/1.1`, HOST, ...headers, '', ''].join('\r\n')
}

/** How clients ask to stop, each with the target of the link. */
const STOPPING: Record<string, (target: string) => string> = {
  'the 26 bytes that RFC 8058 and Gmail show': (target) => post(target, [URLENCODED]),
  'a charset behind the type': (target) => post(target, [`${URLENCODED}; charset=UTF-8`]),
  'a browser’s headers, cookie and origin of a web mail': (target) =>
    post(target, [
      URLENCODED,
      'User-Agent: Mozilla/5.0',
      'Origin: https://mail.example.net',
      'Referer: https://mail.example.net/',
      'Cookie: a=b',
      'Authorization: Basic Og==',
      'Accept: */*',
      'Accept-Encoding: gzip, br',
    ]),
  'multipart, as RFC 8058 recommends': (target) =>
    post(
      target,
      [`Content-Type: multipart/form-data; boundary=${BOUNDARY}`],
      `--${BOUNDARY}\r\n${PART}\r\n\r\nOne-Click\r\n--${BOUNDARY}--\r\n`,
    ),
  'multipart with a charset': (target) =>
    post(
      target,
      [`Content-Type: multipart/form-data; charset=utf-8; boundary="${BOUNDARY}"`],
      `--${BOUNDARY}\r\n${PART}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOne-Click\r\n--${BOUNDARY}--\r\n`,
    ),
  'the malformed multipart sample of RFC 8058 section 8.3, 124 bytes': (target) => {
    const body = `${BOUNDARY}\r\n${PART}\r\n\r\nOne-Click\r\n${BOUNDARY}--`
    assert.equal(body.length, 124)
    return post(target, [`Content-Type: multipart/form-data; boundary=${BOUNDARY}`], body)
  },
  'text/plain': (target) => post(target, ['Content-Type: text/plain'], `${ONE_CLICK}\r\n`),
  JSON: (target) => post(target, ['Content-Type: application/json'], '{"List-Unsubscribe":"One-Click"}'),
  'a type that is none': (target) => post(target, ['Content-Type: ;;;']),
  'no type': (target) => post(target, []),
  'an empty body': (target) => post(target, [URLENCODED], ''),
  'neither body nor length': (target) => `POST ${target} HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a chunked body': (target) =>
    `POST ${target} HTTP/1.1\r\n${HOST}\r\n${URLENCODED}\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n${ONE_CLICK.slice(0, 16)}\r\na;x=y\r\n${ONE_CLICK.slice(16)}\r\n0\r\nTrailer: x\r\n\r\n`,
  'HTTP/1.0': (target) => `POST ${target} HTTP/1.0\r\nContent-Length: 26\r\n\r\n${ONE_CLICK}`,
  'an absolute target': (target) => post(`http://u.example.com${target}`, [URLENCODED]),
  'an absolute target of another host': (target) => post(`HTTPS://other.example:8443${target}`, [URLENCODED]),
  'what a tracker glued on': (target) => post(`${target}?utm_source=mail&x=%E3%81%82`, [URLENCODED]),
  'a slash and a bracket glued on': (target) => post(`${target}/>`, [URLENCODED]),
  'an upgrade to HTTP/2 on offer': (target) =>
    post(target, [
      URLENCODED,
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABk',
    ]),
}

forEachEngine((engine) => {
  const shared = sharedInstallation(engine.name, () => ({ serves: 'http' }))

  describe('a POST to a recipient’s link', () => {
    for (const [what, request] of Object.entries(STOPPING)) {
      it(`stops the mail when it comes with ${what}`, async () => {
        const { targetOf, wouldMail, url } = await begin(shared())
        const response = await send(url, request(targetOf('taro@example.com')))
        assertPublic(response, 200)
        assert.match(response.body, /^You have unsubscribed\n/)
        assert.equal(await wouldMail('taro@example.com'), false)
        assert.equal(await wouldMail('jiro@example.com'), true)
      })
    }

    it('stops the mail of a client that waits for 100 Continue', async () => {
      const { targetOf, wouldMail, url } = await begin(shared())
      const connection = await openRaw(url)
      const request = post(targetOf('taro@example.com'), [URLENCODED, 'Expect: 100-continue'])
      connection.write(request.slice(0, -ONE_CLICK.length))
      assert.equal((await connection.next()).status, 100)
      connection.write(ONE_CLICK)
      assertPublic(await connection.next(), 200)
      connection.destroy()
      assert.equal(await wouldMail('taro@example.com'), false)
    })

    it('stops the mail of a client that sends ten megabytes first', async () => {
      const { targetOf, wouldMail, url } = await begin(shared())
      const connection = await openRaw(url)
      connection.write(post(targetOf('taro@example.com'), [URLENCODED], `x=${'y'.repeat(10_000_000)}`))
      assertPublic(await connection.next(), 200)
      connection.destroy()
      assert.equal(await wouldMail('taro@example.com'), false)
    })

    it('stops the mail of a client that hangs up without an answer', async () => {
      const { targetOf, wouldMail, url } = await begin(shared())
      const connection = await openRaw(url)
      connection.write(post(targetOf('taro@example.com'), [URLENCODED]))
      connection.destroy()
      await until(async () => !(await wouldMail('taro@example.com')))
    })

    it('answers a repeat like the first', async () => {
      const { targetOf, url } = await begin(shared())
      const request = post(targetOf('taro@example.com'), [URLENCODED])
      const first = await send(url, request)
      for (let count = 0; count < 3; count++) {
        const { date: _, ...headers } = (await send(url, request)).headers
        const { date: __, ...expected } = first.headers
        assert.deepEqual(headers, expected)
      }
    })

    it('changes nothing when it says another value than One-Click', async () => {
      const { targetOf, wouldMail, url } = await begin(shared())
      const response = await send(
        url,
        post(targetOf('taro@example.com'), [URLENCODED], 'List-Unsubscribe=No'),
      )
      assertPublic(response, 200)
      assert.match(response.body, /^Nothing was changed/)
      assert.equal(await wouldMail('taro@example.com'), true)
    })

    it('changes nothing and is still answered 200 when the token is broken, cut off or missing', async () => {
      const { targetOf, wouldMail, url, base } = await begin(shared())
      const target = targetOf('taro@example.com')
      for (const other of [target.slice(0, -3), `${base}/-`, base, `${base}/customer-42`, `${base}//..//`]) {
        assertPublic(await send(url, post(other, [URLENCODED])), 200)
      }
      assert.equal(await wouldMail('taro@example.com'), true)
    })

    it('is answered 404 for a class that was never registered', async () => {
      const { targetOf, url } = await begin(shared())
      const target = targetOf('taro@example.com').replace(/^\/.{16}/, '/aaaaaaaaaaaaaaaa')
      for (const request of [post(target, [URLENCODED]), get(target)]) {
        assertPublic(await send(url, request), 404)
      }
    })

    it('leaves what it came with as evidence, believing X-Forwarded-For of nobody', async () => {
      const { targetOf, url, installation, list } = await begin(shared())
      const headers = [URLENCODED, 'User-Agent: Agent/1.0', 'X-Forwarded-For: 198.51.100.7']
      await send(url, post(targetOf('taro@example.com'), headers))
      await send(url, post(targetOf('jiro@example.com'), [`Accept: ${PAGE}`], ''))
      const events = await evidenceOf(installation, list.id)
      const keyId = installation.capabilities.keyring.newest.id
      const shown = { method: 'POST', clientAddress: '127.0.0.1', keyId }
      assert.deepEqual(events, [
        ['jiro@example.com', 'page', { ...shown, userAgent: null }],
        [
          'taro@example.com',
          'one-click',
          {
            ...shown,
            userAgent: 'Agent/1.0',
            contentType: 'application/x-www-form-urlencoded',
            body: ONE_CLICK,
          },
        ],
      ])
    })

    it('shares a connection with others, pipelined or one after another', async () => {
      const { targetOf, wouldMail, url, base } = await begin(shared())
      const connection = await openRaw(url)
      const names = ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`)
      connection.write(names.map((name) => post(targetOf(name), [URLENCODED])).join('') + get(`${base}/-x`))
      for (const _ of [...names, 'the page']) assertPublic(await connection.next(), 200)
      connection.write(post(targetOf('e@example.com'), [URLENCODED]))
      assertPublic(await connection.next(), 200)
      connection.destroy()
      for (const name of [...names, 'e@example.com']) assert.equal(await wouldMail(name), false)
    })
  })

  describe('a list that takes opaque parts', () => {
    it('keeps every byte exactly as it came, percent-encoded or not', async () => {
      const { installation, url, base, addSender, list } = await begin(shared())
      await addSender({ address: list.label, takesOpaque: true })
      const parts = ['/%E3%81%82%2f..%ff', '?a=b&c=%zz', '//x/../y;z', '/%41', '/{a}|"^`\\<>']
      for (const part of parts) {
        const response = await send(url, post(base + part, [URLENCODED]))
        assertPublic(response, 200)
        assert.match(response.body, /^You have unsubscribed/)
      }
      const { database } = installation.capabilities
      const rows = await database.read(
        database.query.selectFrom('opaque_request').select('part').where('list_id', '=', list.id),
      )
      assert.deepEqual(rows.map(({ part }) => part).toSorted(), parts.toSorted())
    })

    // RFC 3986 section 2: a URL has none. Node's parser refuses them before we see the request.
    it('refuses raw 8-bit bytes with 400', async () => {
      const { url, base } = await begin(shared())
      assert.equal((await send(url, post(`${base}/\xe3\x81\x82`, [URLENCODED]))).status, 400)
    })

    it('refuses what is too long or holds NUL with 400', async () => {
      const { url, base, addSender, list } = await begin(shared())
      await addSender({ address: list.label, takesOpaque: true })
      for (const part of [`/${'x'.repeat(1_024)}`, '/%00']) {
        assertPublic(await send(url, post(base + part, [URLENCODED])), 400)
      }
    })
  })

  describe('a GET of a recipient’s link', () => {
    it('changes nothing, however often scanners fetch it, and neither does HEAD', async () => {
      const { targetOf, wouldMail, url, base } = await begin(shared())
      const target = targetOf('taro@example.com')
      for (const path of [target, `${target}?x`, target.replace(`${base}/-`, `/-/resume${base}/`), base]) {
        for (const accept of [PAGE, '*/*', 'text/plain']) {
          const page = await send(url, get(path, `Accept: ${accept}`))
          assertPublic(page, 200)
          const head = await openRaw(url)
          head.write(get(path, `Accept: ${accept}`, 'Connection: close').replace(/^GET/, 'HEAD'))
          const answer = await head.closed()
          assert.match(answer, /^HTTP\/1\.1 200 /)
          assert.match(answer, new RegExp(`content-length: ${page.headers['content-length']}\r\n`, 'i'))
          assert.ok(answer.endsWith('\r\n\r\n'))
        }
      }
      assert.equal(await wouldMail('taro@example.com'), true)
    })

    it('is a page in the language that is asked for, or text where no page is wanted', async () => {
      const { targetOf, url } = await begin(shared())
      const target = targetOf('taro.yamada@example.com')
      const japanese = await send(url, get(target, `Accept: ${PAGE}`, 'Accept-Language: ja,en;q=0.5'))
      assert.match(japanese.headers['content-type'] ?? '', /^text\/html; charset=utf-8$/)
      assert.match(japanese.body, /<html lang="ja">[\s\S]*配信を停止する/)
      const english = await send(url, get(target, 'Accept-Language: en-GB'))
      assert.match(english.body, /<html lang="en">[\s\S]*Unsubscribe<\/button>/)
      const text = await send(url, get(target, 'Accept: text/plain'))
      assert.match(text.headers['content-type'] ?? '', /^text\/plain/)
      for (const { body } of [japanese, english, text]) {
        assert.ok(body.includes('t***@example.com') && !body.includes('taro.yamada'))
      }
    })

    it('leads by its buttons to a stop, a resume and a stop again', async () => {
      const { installation, targetOf, wouldMail, url, list } = await begin(shared())
      const target = targetOf('taro@example.com')
      const page = await send(url, get(target, `Accept: ${PAGE}`, 'Accept-Language: ja'))
      const stopped = await press(url, page)
      assertPublic(stopped, 200)
      assert.match(stopped.body, /配信停止を受け付けました/)
      assert.equal(await wouldMail('taro@example.com'), false)
      assert.match((await send(url, get(target, `Accept: ${PAGE}`))).body, /You have already unsubscribed/)

      installation.time.now++
      const resumed = await press(url, stopped)
      assertPublic(resumed, 200)
      assert.match(resumed.body, /配信を再開しました/)
      assert.equal(await wouldMail('taro@example.com'), true)
      assertPublic(await send(url, post(target, [URLENCODED])), 200)
      assert.equal(await wouldMail('taro@example.com'), false)
      const { database } = installation.capabilities
      const events = await database.read(
        database.query
          .selectFrom('event')
          .select(['kind', 'source', 'older_mail'])
          .where('list_id', '=', list.id)
          .orderBy('recorded_at'),
      )
      assert.deepEqual(
        events.map(({ kind, source, older_mail }) => [kind, source, older_mail]),
        [
          ['stop', 'page', 0],
          ['resume', 'page', 0],
          ['stop', 'one-click', 1],
        ],
      )
      installation.time.now = NOON
    })
  })

  it('answers other methods 405 with those that it knows', async () => {
    const { targetOf, wouldMail, url } = await begin(shared())
    const target = targetOf('taro@example.com')
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'TRACE']) {
      const response = await send(url, post(target, [URLENCODED]).replace(/^POST/, method))
      assertPublic(response, 405)
      assert.equal(response.headers['allow'], 'GET, HEAD, POST')
    }
    assert.equal(await wouldMail('taro@example.com'), true)
  })
})

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
    await until(async () => !(await wouldMail('known@example.com').catch(() => true)))
    assert.equal(await wouldMail('page@example.com'), true)
    assert.equal(await unmet.wouldMail('unmet@example.com'), false)
  })
})

async function begin(installation: Installation) {
  const tenant = await addTenant(installation)
  return {
    ...tenant,
    installation,
    url: installation.url,
    base: `/${tenant.sender.classId}`,
    targetOf: (recipient: string) => new URL(tenant.linkOf(recipient)).pathname,
  }
}

/** What holds for every answer of the endpoint. */
function assertPublic({ status, headers }: RawResponse, expected: number): void {
  assert.equal(status, expected)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['x-robots-tag'], 'noindex')
  for (const name of ['set-cookie', 'location', 'www-authenticate', 'refresh']) {
    assert.equal(headers[name], undefined, name)
  }
}

/** Sends the form of a page as a browser does. */
async function press(url: string, { body }: RawResponse): Promise<RawResponse> {
  const [, action = ''] = /<form method="post" action="([^"]+)">/.exec(body) ?? []
  const fields = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)">/g)]
  const form = fields.map(([, name, value]) => `${name}=${value}`).join('&')
  const language = /<html lang="(\w+)">/.exec(body)?.[1] ?? ''
  return send(url, post(action, [URLENCODED, `Accept: ${PAGE}`, `Accept-Language: ${language}`], form))
}

async function evidenceOf({ capabilities: { database } }: Installation, listId: number) {
  const rows = await database.read(
    database.query
      .selectFrom('event')
      .select(['address', 'source', 'evidence_json'])
      .where('list_id', '=', listId)
      .orderBy('address')
      .orderBy('recorded_at'),
  )
  return rows.map(
    ({ address, source, evidence_json }) => [address, source, JSON.parse(evidence_json ?? 'null')] as const,
  )
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not come to that in time')
    await sleep(20)
  }
}
