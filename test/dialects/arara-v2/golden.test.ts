import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import Fastify from 'fastify'
import { registerAraraV2 } from '../../../src/dialects/arara-v2/routes.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'
import { NOON } from '../../support/installation.ts'
import { ADMIN, araraV2Api } from './arara-v2-api.ts'

/** Request and answer, byte for byte but for what is made up anew each time. */
const PAIRS: readonly (readonly [
  request: string,
  body: string | undefined,
  status: number,
  answer: string,
])[] = [
  [
    'POST /unsubscribe-receivers',
    `{
"header-from": "sender@example.com"
}`,
    200,
    '{"base_url":"http://localhost:8080/{class_id}"}',
  ],
  [
    'POST /unsubscribe-receivers',
    '{"header-from": "sender"}',
    400,
    '{"message":"header-from: is not a mail address"}',
  ],
  [
    'PUT /re-subscribers',
    '{"header-from":"sender@example.com","to-addresses":["subscriber@receiver.example.com","subscriber2@receiver.example.com"]}',
    204,
    '',
  ],
  [
    'GET /unsubscribers/auto-assigned?header-from=sender@example.com&date=2026-10-01+09:00',
    undefined,
    200,
    '{"header_from":"sender@example.com","requesters":[]}',
  ],
  [
    'GET /unsubscribers/opaque-part?header-from=sender@example.com&date=2026-10-01+09:00',
    undefined,
    200,
    '{"header_from":"sender@example.com","requesters":[]}',
  ],
  [
    'POST /send',
    `{"delivery": [{
"mailing-list": [{"to": {"device": 0, "address": "subscriber@receiver.example.com"},
  "substitutions": {"sample_1": "s", "sample_2": "t", "sample_3": "u"}, "unsubscribe_url": "https://ocu.example.com/somepath/"}],
"contents": {"subject": "##sample_1##xxxx", "body": {"text": "xxx##sample_2##xxx", "html": "xxx##sample_3##xxx"}, "encode": 0},
"settings": {"send_time": "2026-10-03T09:30+09:00", "request_id": "abc123", "from": {"name": "n", "address": "sender@example.com"}}
}]}`,
    200,
    '{"items":[{"delivery_id":"{id}","request_id":"abc123","exec_cnt":1}]}',
  ],
  [
    'GET /send?request_id=abc123',
    undefined,
    200,
    '{"items":[{"delivery_id":"{id}","request_id":"abc123","status":"waiting","sent_cnt":0,"error_cnt":0}]}',
  ],
  ['DELETE /send/{id}', undefined, 200, '{"items":[{"delivery_id":"{id}"}]}'],
  [
    'DELETE /send/{id}',
    undefined,
    409,
    '{"message":"delivery_id: the delivery cannot be cancelled any more"}',
  ],
  ['PUT /errorfilter', '{"items":[{"address":"a@example.com","count":99}]}', 204, ''],
  [
    'POST /errorfilter',
    '{"items":[{"address":"a@example.com"}]}',
    200,
    '{"items":[{"address":"a@example.com","count":99,"registered_date":"2026-10-01T12:00:00+09:00","update_date":"2026-10-01T12:00:00+09:00"}]}',
  ],
  ['GET /elsewhere-below/unsubscribers', undefined, 404, ''],
]

describe('requests as the vendor documents them', () => {
  const { installation, call } = araraV2Api()

  test('are answered as it documents', async () => {
    installation().time.now = NOON
    let id = ''
    for (const [request, body, status, wanted] of PAIRS) {
      const [method = '', path = ''] = request.split(' ')
      const answer = await call(method, path.replace('{id}', id), body)
      id = /"delivery_id":"(\d+)"/.exec(answer.text)?.[1] ?? id
      const text = answer.text
        .replace(/(localhost:8080)\/[a-z2-7]{16}/, '$1/{class_id}')
        .replace(/("delivery_id":)"\d+"/, '$1"{id}"')
      assert.equal(answer.status, status, `${request} ${answer.text}`)
      if (!path.startsWith('/elsewhere')) assert.equal(text, wanted, request)
    }
  })
})

describe('a failure of ours', () => {
  const failing = async (error: Error) => {
    const app = Fastify()
    await registerAraraV2(app, {
      tokens: {
        open: async () => {
          throw error
        },
      },
    } as never)
    const headers = { authorization: `Bearer ${ADMIN.key}` }
    return app.inject({ method: 'GET', url: '/send?request_id=a', headers })
  }

  test('is the vendor’s own sentence, and never tells its cause', async () => {
    const { statusCode, body } = await failing(new Error('secret'))
    assert.deepEqual([statusCode, body], [500, '{"message":"Internal Server Error"}'])
  })

  test('says when to try again while the database is away', async () => {
    const { statusCode, headers, body } = await failing(new DatabaseUnavailable('away'))
    assert.deepEqual([statusCode, headers['retry-after']], [503, '5'])
    assert.deepEqual(JSON.parse(body), { message: 'the database is away; try again' })
  })

  test('of one delivery is told in its place, and the others of the call are not sent again for it', async () => {
    const app = Fastify()
    const sent: (string | undefined)[] = []
    await registerAraraV2(app, {
      tokens: {
        open: async () => ({ user: { siteId: 1, name: 'shop', role: 'group-admin', services: [] } }),
      },
      findServices: async () => [{ id: 10, siteId: 1, name: 'shop', timeZone: 'Asia/Tokyo' }],
      send: async (_service: unknown, { requestId }: { requestId?: string }) => {
        if (requestId === 'lost') throw new DatabaseUnavailable('away')
        sent.push(requestId)
        return { id: 7, accepted: 1 }
      },
    } as never)
    const send = async (...ids: (string | undefined)[]) => {
      const delivery = ids.map((id) => ({
        'mailing-list': [{ to: { address: 'taro@example.jp' } }],
        contents: { subject: 'Hello', body: { text: 'Hello' } },
        settings: { from: { address: 'sender@example.com' }, ...(id !== undefined && { request_id: id }) },
      }))
      const headers = { authorization: `Bearer ${ADMIN.key}` }
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: '/send',
        headers,
        payload: { delivery },
      })
      return [statusCode, JSON.parse(body)]
    }
    const message = 'the database is away; try again'
    assert.deepEqual(await send(undefined, 'lost', 'order2'), [
      200,
      {
        items: [
          { delivery_id: '7', exec_cnt: 1 },
          { request_id: 'lost', message },
          { delivery_id: '7', request_id: 'order2', exec_cnt: 1 },
        ],
      },
    ])
    assert.deepEqual(sent, [undefined, 'order2'])
    assert.deepEqual(await send('lost', 'lost'), [503, { message }])
  })
})
