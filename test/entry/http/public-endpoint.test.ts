import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { NOON, sharedInstallation } from '../../support/installation.ts'
import {
  assertPublic,
  begin,
  evidenceOf,
  get,
  HOST,
  ONE_CLICK,
  PAGE,
  post,
  press,
  URLENCODED,
  until,
} from './public-requests.ts'
import { openRaw, send } from './raw-http.ts'

const BOUNDARY = '---FormBoundaryjWmhtjORrn'
const PART = 'Content-Disposition: form-data; name="List-Unsubscribe"'

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
