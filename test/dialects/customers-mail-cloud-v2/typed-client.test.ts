import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { findService } from '../../../src/tenants/service.ts'
import { sharedInstallation } from '../../support/installation.ts'
import { ADMIN, addSites, vendorClient } from './vendor-client.ts'

/** What a record may hold for an independent PHP client, which throws for a property that it does not know. */
const PROPERTIES: Record<string, readonly string[]> = {
  bounces: ['created', 'status', 'from', 'to', 'messageId', 'returnPath', 'subject', 'apiData', 'reason'],
  deliveries: [
    ...[
      'created',
      'returnPath',
      'from',
      'to',
      'messageId',
      'reason',
      'senderIp',
      'sourceIp',
      'status',
      'subject',
    ],
    'apiData',
  ],
  statistics: ['date', 'queued', 'succeeded', 'failed', 'blocked', 'valid'],
  loginlogs: ['created', 'account', 'ipaddress', 'code', 'result', 'reason'],
  operationlogs: ['created', 'account', 'name', 'function', 'operation'],
}

/** Sends what such a client sends: JSON with both credentials, whatever else it was given as it is. */
function typedClient(url: string) {
  const { json } = vendorClient(url)
  const send = (path: string, params: object) => json(`${path}.json`, { ...ADMIN, ...params })
  return {
    list: async (path: string, params: object) => {
      const { status, text } = await send(path, params)
      if (status !== 200) throw new Error(text)
      const [[root = '', records] = []] = Object.entries(JSON.parse(text) as Record<string, object[]>)
      for (const record of records ?? [])
        assert.deepEqual(Object.keys(record).toSorted(), PROPERTIES[root]?.toSorted())
      return records ?? []
    },
    download: async (params: object) => (await send('unsubscribes/download', params)).bytes,
    cancel: async (params: object) => JSON.parse((await send('unsubscribes/cancel', params)).text) as object,
  }
}

describe('a client that was written for Customers Mail Cloud', () => {
  const installation = sharedInstallation('sqlite', () => ({ serves: 'http' }))
  const NEWS = { server_composition: 'news' }
  let world: Awaited<ReturnType<typeof addSites>>
  let client: ReturnType<typeof typedClient>
  before(async () => {
    world = await addSites(installation())
    client = typedClient(installation().url)
    const { capabilities } = installation()
    await world.stop(await world.listId('sender', 'news@example.com'), 'stopped@example.jp')
    await capabilities.acceptDelivery({
      service: await findService(world.database, await world.serviceId('news')),
      ...{
        from: { address: 'news@example.com' },
        subject: 'Hello',
        text: 'Hi',
        transactional: false,
        createdBy: 'api:test',
      },
      recipients: [{ to: 'stopped@example.jp' }, { to: 'other@example.jp' }],
    })
  })

  it('reads bounces, deliveries, statistics and logs into its types', async () => {
    const bounces = await client.list('bounces/list', {
      ...NEWS,
      status: 11,
      r: 3,
      search_option: { from: 'full' },
    })
    assert.equal(bounces.length, 1)
    const deliveries = await client.list('deliveries/list', { ...NEWS, date: '2026-10-01', status: 'failed' })
    assert.equal(deliveries.length, 1)
    const statistics = await client.list('statistics/list', { ...NEWS, year: 2026, month: 10, total: true })
    assert.deepEqual(statistics, [
      { date: 'total', queued: 2, succeeded: 0, failed: 0, blocked: 1, valid: 1 },
    ])
    await client.list('auditlogs/list', {
      type: 'login',
      start_date: '2026-09-24',
      end_date: '2026-10-01',
      r: 5,
    })
    await client.list('auditlogs/list', { type: 'operation', p: 0, r: 10 })
  })

  it('downloads a ZIP and cancels one address, or several in an array', async () => {
    const range = { start_date: '2026-09-24', end_date: '2026-10-01', email: 'stop' }
    assert.equal(
      (await client.download({ ...NEWS, ...range })).subarray(0, 4).toString('latin1'),
      'PK\x03\x04',
    )
    const several = ['test1@example.com', 'test2@example.com']
    const refused = (await client.cancel({ ...NEWS, email: several })) as { errors: { code: string }[] }
    assert.deepEqual(
      refused.errors.map(({ code }) => code),
      ['15-007', '15-007'],
    )
    assert.deepEqual(await client.cancel({ ...NEWS, email: 'stopped@example.jp' }), { message: 'success' })
  })
})
