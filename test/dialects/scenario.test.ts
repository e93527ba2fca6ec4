import assert from 'node:assert/strict'
import { test } from 'node:test'
import { provision } from '../../src/access/provision/provision.ts'
import { provisionParts } from '../../src/entry/http/parts/native-parts.ts'
import { readKeptMail } from '../../src/messages/reading/read-kept-mail.ts'
import { forEachEngine } from '../support/engines.ts'
import { type Installation, install, NOON } from '../support/installation.ts'

const FROM = 'news@example.com'
const STAYS = 'stays@example.jp'
const LEAVES = 'leaves@example.jp'
const USER = { name: 'api@acme.example', key: 'key-of-the-client' }
const SITES = {
  sites: [
    {
      id: 1,
      name: 'acme',
      apiUsers: [{ ...USER, role: 'group-admin' }],
      services: [{ id: 10, name: 'news', allowedDomains: ['example.com'] }],
    },
  ],
}

interface Request {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
}

type Call = (request: Request) => Promise<string>

/** A client of one interface. Steps that the interface lacks are done by the native one. */
interface Client {
  register(call: Call): Promise<unknown>
  send(call: Call, to: string[]): Promise<number>
  /** Who opted out and is held back. */
  list(call: Call): Promise<string[]>
  resume(call: Call, address: string): Promise<unknown>
}

const json = (method: string, path: string, body?: object): Request => ({
  method,
  path,
  headers: { authorization: `Bearer ${USER.key}`, 'content-type': 'application/json' },
  ...(body && { body: JSON.stringify(body) }),
})

const native: Client = {
  register: (call) => call(json('POST', '/api/v1/services/10/senders', { address: FROM })),
  send: async (call, to) => {
    const recipients = to.map((address) => ({ to: address }))
    const body = { from: FROM, subject: 'News', text: 'Hello', recipients }
    return JSON.parse(await call(json('POST', '/api/v1/services/10/deliveries', body))).accepted
  },
  list: async (call) => {
    const csv = await call(
      json('GET', `/api/v1/services/10/exports/one-click?sender=${FROM}&from=2026-10-01&to=2026-10-01`),
    )
    const [, ...rows] = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
    return rows.flatMap(([address = '', , , deliverable]) => (deliverable === '0' ? address : []))
  },
  resume: (call, address) =>
    call(
      json('POST', '/api/v1/services/10/suppressions/resume', {
        list: `sender:${FROM}`,
        addresses: [address],
      }),
    ),
}

const araraV2: Client = {
  register: (call) => call(json('POST', '/unsubscribe-receivers', { 'header-from': FROM })),
  send: async (call, to) => {
    const delivery = {
      'mailing-list': to.map((address) => ({ to: { address } })),
      contents: { subject: 'News', body: { text: 'Hello' } },
      settings: { send_time: 'now', from: { address: FROM } },
    }
    return JSON.parse(await call(json('POST', '/send', { delivery: [delivery] }))).items[0].exec_cnt
  },
  list: async (call) => {
    const path = `/unsubscribers/auto-assigned?header-from=${FROM}&date=2026-10-01`
    const { requesters } = JSON.parse(await call(json('GET', path)))
    return requesters.flatMap((row: { message_to: string; filtered: number }) =>
      row.filtered === 1 ? row.message_to : [],
    )
  },
  resume: (call, address) =>
    call(json('PUT', '/re-subscribers', { 'header-from': FROM, 'to-addresses': [address] })),
}

const xml = (operation: string, root: string, content: string): Request => ({
  method: 'POST',
  path: `/tm/${operation}.php`,
  headers: { 'content-type': 'application/octet-stream' },
  body: `<?xml version="1.0" encoding="UTF-8" ?><${root}><auth><site id="1"/><service id="10"/>
<name><![CDATA[${USER.name}]]></name><pass><![CDATA[${USER.key}]]></pass></auth>${content}</${root}>`,
})

const xmlRequest = (operation: string, elements: string) =>
  xml(
    operation,
    'request',
    `<unsubscription_request><header_from>${FROM}</header_from>${elements}</unsubscription_request>`,
  )

const xmlDelivery = (to: string[]) => {
  const data = to.map((address, id) => `<data id="${id}"><address device="0">${address}</address></data>`)
  return xml(
    'lpmail',
    'mail',
    `<delivery id="1"><action>reserve</action>
<setting><send_date>now</send_date><from>${FROM}</from></setting>
<contents><subject>News</subject><body>Hello</body></contents>
<send_list>${data.join('')}</send_list></delivery>`,
  )
}

const araraV1: Client = {
  register: (call) => call(xmlRequest('unsubscribe_receivers', '')),
  send: async (call, to) => Number(/<exec_cnt>(\d+)<\/exec_cnt>/.exec(await call(xmlDelivery(to)))?.[1]),
  list: async (call) => {
    const text = await call(
      xmlRequest('unsubscribe_requesters', '<year>2026</year><month>10</month><day>1</day>'),
    )
    const excluded = /<message_to>(.*)<\/message_to>\n<datetime>.*<\/datetime>\n<filtered>1<\/filtered>/g
    return [...text.matchAll(excluded)].map(([, address = '']) => address)
  },
  resume: (call, address) => call(xmlRequest('resubscribers', `<message_to>${address}</message_to>`)),
}

const cmc = (action: string, parameters: object): Request => ({
  method: 'POST',
  path: `/transaction/v2/unsubscribes/${action}.json`,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ api_user: USER.name, api_key: USER.key, server_composition: 'news', ...parameters }),
})

const customersMailCloud: Client = {
  register: native.register,
  send: native.send,
  list: async (call) => {
    const { unsubscribes } = JSON.parse(await call(cmc('list', { filter_name: FROM })))
    return unsubscribes.map(({ email }: { email: string }) => email)
  },
  resume: (call, address) => call(cmc('cancel', { filter_name: FROM, email: address })),
}

const CLIENTS: Record<string, Client> = {
  native,
  'arara API v2': araraV2,
  'arara API v1': araraV1,
  'Customers Mail Cloud v2': customersMailCloud,
}

/** What a customer does in a day, and what the store holds in the end. */
async function play(client: Client, installation: Installation) {
  const { capabilities, time, url } = installation
  await provision(provisionParts(capabilities, 'operator'), SITES)
  const call: Call = async ({ method, path, headers = {}, body }) => {
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) })
    const text = await response.text()
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
    return text
  }
  time.now = NOON
  await client.register(call)
  assert.equal(await client.send(call, [STAYS, LEAVES]), 2)

  time.now += 60_000
  const link = await linkIn(installation, LEAVES)
  const posted = await fetch(link.replace(/^https?:\/\/[^/]+/, url), {
    method: 'POST',
    body: 'List-Unsubscribe=One-Click',
  })
  assert.equal(posted.status, 200)
  assert.deepEqual(await client.list(call), [LEAVES])
  assert.equal(await client.send(call, [STAYS, LEAVES]), 1)

  time.now += 60_000
  await client.resume(call, LEAVES)
  assert.deepEqual(await client.list(call), [])
  assert.equal(await client.send(call, [STAYS, LEAVES]), 2)
  return storeOf(installation)
}

/** The link of the mail that the recipient got, once it is there. */
async function linkIn({ capabilities }: Installation, address: string): Promise<string> {
  const { database } = capabilities
  for (;;) {
    const [row] = await database.read(
      database.query
        .selectFrom('message')
        .selectAll()
        .where('address', '=', address)
        .where('state', '=', 'kept'),
    )
    if (row) {
      const raw = String(await readKeptMail(database, row.delivery_id, row.id))
      assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
      return /^List-Unsubscribe: .*?<(https?:[^>]+)>/m.exec(raw)?.[1] as string
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Everything that decides about mail, without what differs by chance. */
async function storeOf({ capabilities }: Installation) {
  const { database } = capabilities
  const { query } = database
  const [senders, suppressions, events, messages] = await Promise.all([
    database.read(query.selectFrom('sender').select(['address_key', 'one_click'])),
    database.read(
      query
        .selectFrom('suppression')
        .innerJoin('list', 'list.id', 'suppression.list_id')
        .select(['address_key', 'kind', 'label', 'active', 'since', 'requested_at', 'reason', 'resumed_at']),
    ),
    database.read(
      query
        .selectFrom('event')
        .select(['address_key', 'kind', 'reason', 'source', 'requested_at', 'recorded_at'])
        .orderBy('recorded_at'),
    ),
    database.read(
      query.selectFrom('message').select(['address_key', 'excluded_reason', 'accepted_at']).orderBy('id'),
    ),
  ])
  return { senders, suppressions, events, messages }
}

forEachEngine(({ name }) => {
  test('the same day through every interface leaves the same behind', async (t) => {
    const stores = new Map<string, Awaited<ReturnType<typeof play>>>()
    for (const [dialect, client] of Object.entries(CLIENTS)) {
      const installation = await install(t, name, { serves: 'http,worker' })
      stores.set(dialect, await play(client, installation))
      await installation.close()
    }
    const [first, ...others] = [...stores.values()]
    assert.deepEqual(first?.senders, [{ address_key: FROM, one_click: 1 }])
    assert.deepEqual(
      first?.events.map(({ address_key, kind }) => [address_key, kind]),
      [
        [LEAVES, 'stop'],
        [LEAVES, 'resume'],
      ],
    )
    assert.equal(first?.messages.filter(({ excluded_reason }) => excluded_reason !== null).length, 1)
    for (const other of others) assert.deepEqual(other, first)
  })
})
