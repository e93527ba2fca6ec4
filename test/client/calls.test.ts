import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KaijoClient, kaijoClient } from '../../src/client/kaijo-client.ts'
import { startNativeApi } from '../dialects/native/native-api.ts'
import { someServer } from '../nodemailer/some-kaijo.ts'

const SERVICE = '/api/v1/services/{service}'

const CALLS: ((kaijo: KaijoClient) => Promise<unknown> | AsyncIterable<unknown>)[] = [
  (kaijo) => kaijo.check({ from: 'a@example.com', recipients: ['b@example.jp'] }),
  (kaijo) => kaijo.headers({ from: 'a@example.com', to: 'b@example.jp' }),
  (kaijo) => kaijo.send({ from: 'a@example.com', recipients: [] }),
  (kaijo) => kaijo.messages(),
  (kaijo) => kaijo.deliveries.get(1),
  (kaijo) => kaijo.deliveries.search(),
  (kaijo) => kaijo.deliveries.messages(1),
  (kaijo) => kaijo.deliveries.raw(1, 2),
  (kaijo) => kaijo.deliveries.pause(1),
  (kaijo) => kaijo.deliveries.resume(1),
  (kaijo) => kaijo.deliveries.cancel(1),
  (kaijo) => kaijo.deliveries.resend(1),
  (kaijo) => kaijo.suppressions.add('blocklist', ['b@example.jp']),
  (kaijo) => kaijo.suppressions.resume('blocklist', ['b@example.jp']),
  (kaijo) => kaijo.suppressions.search(),
  (kaijo) => kaijo.suppressions.timeline('b@example.jp'),
  (kaijo) => kaijo.subscribers.register('b@example.jp'),
  (kaijo) => kaijo.subscribers.edit('b@example.jp', {}),
  (kaijo) => kaijo.subscribers.get('b@example.jp'),
  (kaijo) => kaijo.subscribers.search(),
  (kaijo) => kaijo.subscribers.memberships('b@example.jp'),
  (kaijo) => kaijo.subscribers.remove('b@example.jp'),
  (kaijo) => kaijo.subscribers.import('email\n'),
  (kaijo) => kaijo.forms.list(),
  (kaijo) => kaijo.forms.get('x'),
  (kaijo) => kaijo.forms.create({ name: 'x', texts: {} }),
  (kaijo) => kaijo.forms.change('x', {}),
  (kaijo) => kaijo.forms.remove('x'),
  (kaijo) => kaijo.forms.embed('x'),
  (kaijo) => kaijo.senders.list(),
  (kaijo) => kaijo.senders.register('a@example.com'),
  (kaijo) => kaijo.filters.list(),
  (kaijo) => kaijo.filters.create({ name: 'x', header: 'x', pattern: 'x' }),
  (kaijo) => kaijo.filters.change('x', {}),
  (kaijo) => kaijo.filters.remove('x'),
  (kaijo) => kaijo.filters.try({ message: 'x' }),
  (kaijo) => kaijo.errorCounts.of(['b@example.jp']),
  (kaijo) => kaijo.errorCounts.set([]),
  (kaijo) => kaijo.inbound.take('x'),
  (kaijo) => kaijo.inbound.list(),
  (kaijo) => kaijo.inbound.get(1),
  (kaijo) => kaijo.inbound.raw(1),
  (kaijo) => kaijo.inbound.resolve(1),
  (kaijo) => kaijo.inbound.retry(1),
  (kaijo) => kaijo.inbound.addresses(),
  (kaijo) => kaijo.imports.start('x', { list: 'blocklist', action: 'add' }),
  (kaijo) => kaijo.imports.get(1),
  (kaijo) => kaijo.imports.list(),
  (kaijo) => kaijo.imports.rejects(1),
  (kaijo) => kaijo.imports.cancel(1),
  (kaijo) => kaijo.imports.undo(1),
  (kaijo) => kaijo.export('one-click', { sender: 'a@example.com' }),
  (kaijo) => kaijo.export('agreements'),
  (kaijo) => kaijo.export('counts'),
  (kaijo) => kaijo.export('unsubscribes'),
  (kaijo) => kaijo.export('hard-bounces'),
  (kaijo) => kaijo.export('complaints'),
  (kaijo) => kaijo.export('blocklist'),
  (kaijo) => kaijo.export('filter', { filter: 'x' }),
  (kaijo) => kaijo.export('events'),
  (kaijo) => kaijo.export('expiring'),
  (kaijo) => kaijo.export('messages'),
  (kaijo) => kaijo.reports.counts(),
  (kaijo) => kaijo.reports.days(),
  (kaijo) => kaijo.reports.expiring(),
]

/** Calls of a service that an application has no use for. */
const LEFT_OUT: Record<string, string[]> = {
  'how a service is set up: provisioning, and the console': [
    `get ${SERVICE}`,
    `patch ${SERVICE}`,
    `get ${SERVICE}/relay`,
    `put ${SERVICE}/relay`,
    `post ${SERVICE}/relay/try`,
    `put ${SERVICE}/logo`,
    `delete ${SERVICE}/logo`,
    `post ${SERVICE}/page/preview`,
    `get ${SERVICE}/senders/{classId}/dns`,
    `post ${SERVICE}/senders/{classId}/dns/check`,
  ],
  'what screens show': [
    `get ${SERVICE}/attention`,
    `get ${SERVICE}/counts/lists`,
    `get ${SERVICE}/imports/{id}/progress`,
  ],
  'always refused': [`patch ${SERVICE}/senders`, `delete ${SERVICE}/senders`],
  'another call does the same': [
    `get ${SERVICE}/deliveries`,
    ...['unsubscribes', 'hard-bounces', 'complaints', 'blocklist', 'filter', 'events', 'expiring'].map(
      (name) => `get ${SERVICE}/exports/${name}`,
    ),
  ],
}

test('the client has every call of a service that an application has a use for, and none that does not exist', async (t) => {
  const { send } = await startNativeApi(t)
  const { body } = await send({ method: 'GET', url: '/api/v1/openapi.json' })
  const described = Object.entries<object>(body.paths)
    .filter(([path]) => path.startsWith(SERVICE))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
  const asked = new Set<string>()
  const url = await someServer(t, (request, response) => {
    const path = request.url?.replace(/\?.*/, '')
    const call = described.find((name) => matches(name, `${request.method?.toLowerCase()} ${path}`))
    asked.add(call ?? `${request.method} ${path}`)
    request.resume()
    response.setHeader('content-type', 'application/json')
    response.end('{"items":[],"excluded":[],"malformed":[],"next":null}')
  })
  const kaijo = kaijoClient({ url, key: 'k', service: 10 })
  for (const call of CALLS) {
    const answer = call(kaijo)
    if (answer instanceof Promise) await answer
    else for await (const _ of answer) assert.fail('there is nothing')
  }
  const leftOut = Object.values(LEFT_OUT).flat()
  assert.deepEqual([...asked, ...leftOut].sort(), described.toSorted())
})

/** Words of a template stand before its placeholders: `search` is no id. */
function matches(template: string, call: string): boolean {
  const pattern = template.replace(/[.*+?^$()[\]|\\]/g, '\\$&').replace(/\{\w+\}/g, '(?:\\d+|x)')
  return new RegExp(`^${pattern}$`).test(call)
}
