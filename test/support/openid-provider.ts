import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Lifetime } from './temp-dir.ts'

/** An OpenID provider on loopback, of one client. */
export interface OpenIdProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** Who answers its page: what it then claims of them. */
  person: { sub: string; email: string; name: string }
  /** Tests set what it is to get wrong. */
  faults: { tokenIssuer?: string; discoveredIssuer?: string; signsByAnotherKey?: boolean; refuses?: boolean }
}

interface Grant {
  redirectUri: string
  challenge: string | null
  nonce: string | null
}

const [KEY_ID, VALID_S] = ['k1', 300]

/**
 * OpenID Connect Core 1.0 as far as its code flow goes: discovery, a page that asks, codes that count once and are bound to PKCE (RFC
 * 7636), ID tokens signed with RS256, keys. It ends with the test.
 */
export async function startOpenIdProvider(t: Lifetime): Promise<OpenIdProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const another = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const grants = new Map<string, Grant>()
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const provider: OpenIdProvider = {
    issuer: `http://127.0.0.1:${port}`,
    clientId: 'kaijo',
    clientSecret: randomBytes(16).toString('base64url'),
    person: { sub: '1', email: 'nobody@example.com', name: 'Nobody' },
    faults: {},
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const url = new URL(request.url ?? '/', provider.issuer)
    const page = `${request.method} ${url.pathname}`
    if (page === 'GET /.well-known/openid-configuration') return json(response, 200, metadata(provider))
    if (page === 'GET /jwks') {
      const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }
      return json(response, 200, { keys: [jwk] })
    }
    if (page === 'GET /authorize') return authorize(url.searchParams, response)
    if (page === 'POST /token') return exchange(request, await bodyOf(request), response)
    return response.writeHead(404).end()
  }

  /** Asks on a page, whose one link leads back. */
  const authorize = (query: URLSearchParams, response: ServerResponse): ServerResponse => {
    const isAsked =
      query.get('client_id') === provider.clientId &&
      query.get('response_type') === 'code' &&
      query.get('scope')?.split(' ').includes('openid')
    if (!isAsked) return json(response, 400, { error: 'invalid_request' })
    const redirectUri = query.get('redirect_uri') ?? ''
    const back = new URL(redirectUri)
    back.searchParams.set('state', query.get('state') ?? '')
    if (provider.faults.refuses) back.searchParams.set('error', 'access_denied')
    else {
      const code = randomBytes(16).toString('base64url')
      const challenge = query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null
      grants.set(code, { redirectUri, challenge, nonce: query.get('nonce') })
      back.searchParams.set('code', code)
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    return response.end(`<h1>Provider</h1><a href="${back.href.replaceAll('&', '&amp;')}">Go on</a>`)
  }

  const exchange = (
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): ServerResponse => {
    if (!knowsSecret(request, form, provider)) return json(response, 401, { error: 'invalid_client' })
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isOurs =
      grant !== undefined &&
      form.get('grant_type') === 'authorization_code' &&
      form.get('redirect_uri') === grant.redirectUri &&
      grant.challenge === verifier
    if (!isOurs) return json(response, 400, { error: 'invalid_grant' })
    const now = Math.floor(Date.now() / 1_000)
    const { faults, issuer, clientId, person } = provider
    const claims = {
      ...{ iss: faults.tokenIssuer ?? issuer, aud: clientId, iat: now, exp: now + VALID_S },
      ...(grant.nonce !== null && { nonce: grant.nonce }),
      ...{ ...person, email_verified: true },
    }
    const key = (faults.signsByAnotherKey ? another : keys).privateKey
    const signed = `${segment({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${segment(claims)}`
    const id_token = `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
    return json(response, 200, {
      ...{ access_token: randomBytes(16).toString('base64url'), token_type: 'Bearer' },
      ...{ expires_in: VALID_S, id_token },
    })
  }
  return provider
}

/** OpenID Connect Discovery 1.0 §3. */
function metadata({ issuer, faults }: OpenIdProvider) {
  return {
    issuer: faults.discoveredIssuer ?? issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  }
}

/** RFC 6749 §2.3.1: by HTTP Basic or in the form. */
function knowsSecret(
  { headers }: IncomingMessage,
  form: URLSearchParams,
  { clientId, clientSecret }: OpenIdProvider,
): boolean {
  const [, basic] = /^Basic (.+)$/i.exec(headers.authorization ?? '') ?? []
  const given = basic
    ? Buffer.from(basic, 'base64').toString()
    : `${form.get('client_id')}:${form.get('client_secret')}`
  return given === `${clientId}:${clientSecret}`
}

function segment(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function json(response: ServerResponse, status: number, body: object): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
