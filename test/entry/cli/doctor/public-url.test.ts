import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it } from 'node:test'
import { publicUrlCheck } from '../../../../src/entry/cli/doctor/public-url.ts'
import { createPublicEndpoint } from '../../../../src/entry/http/public-endpoint.ts'
import { createServer, listen } from '../../../../src/entry/http/server.ts'
import { createAcceptRequest } from '../../../../src/unsubscribe/accept-request.ts'
import { createFindPage } from '../../../../src/unsubscribe/find-page.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../../../support/certificate.ts'
import { freePort } from '../../../support/free-port.ts'
import { install } from '../../../support/installation.ts'
import type { Lifetime } from '../../../support/temp-dir.ts'

describe('the public URL', () => {
  it('leads to Kaijo, below a path too', async (t) => {
    const { capabilities } = await install(t, 'sqlite')
    const { publicParts, clock } = capabilities
    const endpoint = createPublicEndpoint({
      prefix: '/mail',
      accept: createAcceptRequest(publicParts),
      findPage: createFindPage({ ...capabilities, ...publicParts }),
      pages: capabilities.pages,
      clientAddress: () => '192.0.2.1',
      now: clock,
      onOutcome: () => {},
      onError: () => {},
    })
    const url = await serve(t, (request, response) => void endpoint(request, response))
    for (const href of [url, `${url}/mail`]) {
      const [finding, https] = await check(href)
      assert.deepEqual(
        [finding?.verdict, finding?.status, finding?.detail],
        ['url-leads-here', 'ok', `${href} leads to Kaijo, without redirect or cookie`],
      )
      assert.deepEqual([https?.verdict, https?.status], ['url-local', 'warning'])
      assert.match(https?.detail ?? '', /for this machine alone/)
    }
  })

  const strangers: [what: string, answer: RequestListener, seen: RegExp][] = [
    [
      'redirects',
      (_, r) => r.writeHead(301, { location: 'https://www.example.com/' }).end(),
      /^url-redirects .*answers 301 to https:.*forbids/,
    ],
    [
      'asks for a sign-in',
      (_, r) => r.writeHead(401).end(),
      /^url-closed .*answers 401.*let everyone reach it/,
    ],
    ['is refused by a firewall', (_, r) => r.writeHead(403).end(), /answers 403.*let everyone reach it/],
    [
      'sets a cookie',
      (_, r) => r.writeHead(404, { 'set-cookie': 'a=b' }).end(),
      /^url-cookie .*with a cookie/,
    ],
    ['is down behind its proxy', (_, r) => r.writeHead(502).end(), /^url-down .*answers 502.*not up/],
    [
      'is somebody else',
      (_, r) => r.writeHead(404).end('Not found\n'),
      /^url-elsewhere .*not Kaijo that does/,
    ],
    ['answers anything', (_, r) => r.end('Welcome'), /answers 200, but it is not Kaijo/],
  ]
  for (const [what, answer, seen] of strangers) {
    it(`fails when it ${what}`, async (t) => {
      const [finding] = await check(await serve(t, answer))
      assert.equal(finding?.status, 'failed')
      assert.match(`${finding?.verdict} ${finding?.detail} ${finding?.advice}`, seen)
    })
  }

  it('fails when its certificate is not to be trusted', async (t) => {
    const url = await serve(t, (_, response) => response.end(), true)
    const [finding, ...others] = await check(url.replace('127.0.0.1', 'localhost'))
    assert.equal(finding?.status, 'failed')
    assert.equal(finding?.verdict, 'url-untrusted')
    assert.match(finding?.detail ?? '', /no certificate to be trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/)
    assert.equal(others.length, 1)
  })

  it('is a warning when it cannot be reached from here', async () => {
    const [finding] = await check(`http://127.0.0.1:${await freePort()}`)
    assert.equal(finding?.status, 'warning')
    assert.equal(finding?.verdict, 'url-unreachable')
    assert.match(finding?.detail ?? '', /cannot be reached from here \(ECONNREFUSED\)/)
  })

  it('needs no word about https when it is on the internet', async () => {
    const answer = () =>
      Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }))
    const parts = { fetch: answer as typeof fetch }
    const publicUrl = { href: 'https://u.example.com', prefix: '' }
    const findings = [await publicUrlCheck({ publicUrl }, parts).run()].flat()
    assert.deepEqual(
      findings.map(({ status, detail }) => [status, detail]),
      [['warning', 'https://u.example.com cannot be reached from here (ENOTFOUND)']],
    )
  })
})

async function check(href: string) {
  return [await publicUrlCheck({ publicUrl: { href, prefix: '' } }, { fetch }).run()].flat()
}

async function serve(t: Lifetime, answer: RequestListener, tls = false): Promise<string> {
  const certificate = { cert: Buffer.from(CERTIFICATE), key: Buffer.from(CERTIFICATE_KEY) }
  const server = createServer(answer, tls ? certificate : undefined)
  const listener = await listen(server, { host: '127.0.0.1', port: 0 })
  t.after(async () => {
    server.closeAllConnections()
    await listener.close()
  })
  return listener.url
}
