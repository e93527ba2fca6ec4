import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { addTenant, type Installation } from '../../support/installation.ts'
import { type RawResponse, send } from './raw-http.ts'

export const ONE_CLICK = 'List-Unsubscribe=One-Click'
export const HOST = 'Host: u.example.com'
export const URLENCODED = 'Content-Type: application/x-www-form-urlencoded'
export const PAGE = 'text/html,application/xhtml+xml,*/*;q=0.8'

/** A request with a body of the length that it says. */
export function post(target: string, headers: readonly string[], body = ONE_CLICK): string {
  return [`POST ${target} HTTP/1.1`, HOST, ...headers, `Content-Length: ${body.length}`, '', body].join(
    '\r\n',
  )
}

export function get(target: string, ...headers: string[]): string {
  return [`GET ${target} HTTP/1.1`, HOST, ...headers, '', ''].join('\r\n')
}

export async function begin(installation: Installation) {
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
export function assertPublic({ status, headers }: RawResponse, expected: number): void {
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
export async function press(url: string, { body }: RawResponse): Promise<RawResponse> {
  const [, action = ''] = /<form method="post" action="([^"]+)">/.exec(body) ?? []
  const fields = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)">/g)]
  const form = fields.map(([, name, value]) => `${name}=${value}`).join('&')
  const language = /<html lang="(\w+)">/.exec(body)?.[1] ?? ''
  return send(url, post(action, [URLENCODED, `Accept: ${PAGE}`, `Accept-Language: ${language}`], form))
}

export async function evidenceOf({ capabilities: { database } }: Installation, listId: number) {
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

export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not come to that in time')
    await sleep(20)
  }
}
