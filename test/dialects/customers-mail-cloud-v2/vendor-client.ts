import { provision } from '../../../src/access/provision/provision.ts'
import { provisionParts } from '../../../src/entry/http/parts/native-parts.ts'
import type { Installation } from '../../support/installation.ts'

/** An answer of the interface. */
export interface VendorAnswer {
  status: number
  type: string
  text: string
  headers: Headers
  bytes: Buffer
}

export const ADMIN = { api_user: 'admin@acme.example', api_key: 'key-of-the-admin' }
export const READER = { api_user: 'reader@acme.example', api_key: 'key-of-the-reader' }
export const VIEWER = { api_user: 'viewer@acme.example', api_key: 'key-of-the-viewer' }
export const SHOPPER = { api_user: 'shopper@acme.example', api_key: 'key-of-the-shopper' }
export const STRANGER = { api_user: 'admin@other.example', api_key: 'key-of-a-stranger' }
export const NEW_YORKER = { api_user: 'ny@acme.example', api_key: 'key-of-new-york' }

/** Two sites; `news` is the composition that tests look into. */
export const SITES = {
  sites: [
    {
      name: 'acme',
      apiUsers: [
        { name: ADMIN.api_user, key: ADMIN.api_key, role: 'group-admin' },
        { name: READER.api_user, key: READER.api_key, permissions: ['view', 'download'] },
        { name: VIEWER.api_user, key: VIEWER.api_key, permissions: ['view'] },
        { name: SHOPPER.api_user, key: SHOPPER.api_key, role: 'group-admin', services: ['shop'] },
        {
          name: NEW_YORKER.api_user,
          key: NEW_YORKER.api_key,
          role: 'group-admin',
          timeZone: 'America/New_York',
        },
      ],
      services: [
        {
          name: 'news',
          senders: ['news@example.com'],
          filters: [
            { name: '配信リストA', header: 'List-Id', pattern: '<a.example.com>' },
            { name: '配信リストB', header: 'List-Id', pattern: '<b.example.com>' },
          ],
        },
        { name: 'shop', senders: ['shop@example.com'] },
      ],
    },
    {
      name: 'other',
      apiUsers: [{ name: STRANGER.api_user, key: STRANGER.api_key, role: 'group-admin' }],
      services: [{ name: 'foreign' }],
    },
  ],
}

/** Sends requests as clients of Customers Mail Cloud do. */
export function vendorClient(url: string) {
  const post = async (
    path: string,
    body: string | Buffer,
    headers: Record<string, string>,
  ): Promise<VendorAnswer> => {
    const response = await fetch(`${url}/transaction/v2/${path}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body as string)),
      headers,
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const type = response.headers.get('content-type') ?? ''
    return { status: response.status, type, text: bytes.toString(), headers: response.headers, bytes }
  }
  return {
    post,
    /** As PHP clients with Guzzle do. */
    json: (path: string, params: object, headers: Record<string, string> = {}) =>
      post(path, JSON.stringify(params), { 'content-type': 'application/json', ...headers }),
    form: (path: string, params: Record<string, string>, headers: Record<string, string> = {}) =>
      post(path, new URLSearchParams(params).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      }),
  }
}

/** Makes the two sites, and answers what tests do in them. */
export async function addSites({ capabilities, time, url }: Installation) {
  await provision(provisionParts(capabilities, 'operator'), SITES)
  const { database, recorder } = capabilities
  const serviceId = async (name: string) => {
    const [row] = await database.read(
      database.query.selectFrom('service').select('id').where('name', '=', name),
    )
    return row?.id ?? 0
  }
  const listId = async (kind: string, label: string, service = 'news') => {
    const [row] = await database.read(
      database.query
        .selectFrom('list')
        .select('id')
        .where('service_id', '=', await serviceId(service))
        .where('kind', '=', kind as 'sender')
        .where('label', '=', label),
    )
    if (!row) throw new Error(`no list ${kind} ${label}`)
    return row.id
  }
  return {
    ...vendorClient(url),
    database,
    time,
    serviceId,
    listId,
    /** Puts somebody on a list as of now. */
    stop: async (list: number, address: string, reason = 'unsubscribed', messageId: string | null = null) => {
      await recorder.record({
        ...{ kind: 'stop', listId: list, recipient: { address, key: address.toLowerCase() } },
        ...{ requestedAt: time.now, source: 'one-click', reason: reason as 'unsubscribed' },
        ...{ messageId, mailedAt: null, evidence: null },
      })
    },
    isStopped: async (list: number, address: string) => {
      const [row] = await database.read(
        database.query
          .selectFrom('suppression')
          .select('active')
          .where('list_id', '=', list)
          .where('address_key', '=', address.toLowerCase()),
      )
      return row?.active === 1
    },
  }
}
