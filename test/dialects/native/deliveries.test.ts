import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketOf } from '../../../src/messages/sending/bucket.ts'
import { forEachEngine } from '../../support/engines.ts'
import { NOW, startNativeApi } from './native-api.ts'

const PATH = '/services/10/deliveries'
const REQUEST = {
  from: 'News <news@example.com>',
  subject: 'Hello {{name}}',
  text: 'Dear {{name}}',
  recipients: [{ to: 'a@example.jp', substitutions: { name: 'A' } }],
}
/** Turns `REQUEST` into a whole message. */
const WHOLE = {
  raw: 'From: news@example.com\r\nSubject: Hi\r\n\r\nHello\r\n',
  subject: undefined,
  text: undefined,
}
const TIME = new Date(NOW).toISOString()

forEachEngine((engine) => {
  test('a delivery is accepted with counts, and shown with every recipient and what becomes of it', async (t) => {
    const { call } = await startNativeApi(t, { engine })
    await call('POST', '/services/10/suppressions', {
      list: 'sender:news@example.com',
      addresses: ['stopped@example.jp'],
    })
    const accepted = await call('POST', PATH, {
      ...REQUEST,
      requestId: 'spring-1',
      recipients: [
        ...REQUEST.recipients,
        { to: 'Stopped@example.jp', substitutions: { name: 'S' } },
        { to: 'A@EXAMPLE.JP', substitutions: { name: 'Again' } },
        { to: 'nobody', substitutions: { name: 'N' } },
        { to: 'b@example.jp' },
      ],
    })
    const { id } = accepted.body
    assert.equal(accepted.status, 202)
    assert.deepEqual(accepted.body, {
      id,
      accepted: 1,
      excluded: { 'sender:news@example.com': 1 },
      malformed: ['nobody', 'b@example.jp'],
      duplicates: 1,
      copies: 0,
    })

    const delivery = {
      id,
      requestId: 'spring-1',
      reference: null,
      from: 'news@example.com',
      subject: 'Hello {{name}}',
      transactional: false,
      state: 'active',
      sendAt: TIME,
      createdAt: TIME,
      createdBy: 'api:admin',
      messages: { queued: 1, excluded: 1 },
    }
    assert.deepEqual((await call('GET', `${PATH}/${id}`)).body, delivery)
    assert.deepEqual((await call('GET', PATH)).body, { items: [delivery], next: null })

    const { items } = (await call('GET', `${PATH}/${id}/messages`)).body
    const common = { attempts: 0, copyAs: null, reply: null, updatedAt: TIME }
    assert.deepEqual(items, [
      {
        ...common,
        id: items[0].id,
        to: 'a@example.jp',
        state: 'queued',
        ...{ list: null, reason: null, since: null, dueAt: TIME },
        messageId: `${id}.${items[0].id}@example.com`,
      },
      {
        ...common,
        id: items[1].id,
        to: 'Stopped@example.jp',
        state: 'excluded',
        ...{ list: 'sender:news@example.com', reason: 'listed', since: TIME, dueAt: null },
        messageId: `${id}.${items[1].id}@example.com`,
      },
    ])
    const excluded = await call('GET', `${PATH}/${id}/messages?state=excluded`)
    assert.deepEqual(excluded.body.items, items.slice(1))
  })

  test('a kept mail is read back byte for byte', async (t) => {
    const { call, database } = await startNativeApi(t, { engine })
    const { id } = (await call('POST', PATH, REQUEST)).body
    const [message] = (await call('GET', `${PATH}/${id}/messages`)).body.items
    const path = `${PATH}/${id}/messages/${message.id}/raw`
    assert.equal((await call('GET', path)).body.code, 'unknown-message')
    const raw = Buffer.from('Subject: =?utf-8?q?x?=\r\n\r\ncaf\u00e9\r\n', 'latin1')
    const kept = { bucket: bucketOf(message.id), message_id: message.id, raw }
    await database.transact([database.query.insertInto('kept_mail').values(kept)])
    const { status, type, text } = await call('GET', path)
    assert.deepEqual([status, type], [200, 'message/rfc822'])
    assert.equal(text, raw.toString('utf8'))
  })
})

test('a request id answers the first answer again, and 409 for another delivery', async (t) => {
  const { call } = await startNativeApi(t)
  const first = await call('POST', PATH, { ...REQUEST, requestId: 'r' })
  assert.deepEqual((await call('POST', PATH, { ...REQUEST, requestId: 'r' })).body, first.body)
  const other = await call('POST', PATH, { ...REQUEST, subject: 'Other', requestId: 'r' })
  assert.deepEqual([other.status, other.body.code, other.body.field], [409, 'request-id-reused', 'requestId'])
  assert.equal((await call('GET', PATH)).body.items.length, 1)
})

test('a delivery is paused, resumed and cancelled, and a cancelled one stays so', async (t) => {
  const { call } = await startNativeApi(t)
  const { id } = (await call('POST', PATH, { ...REQUEST, sendAt: '2026-12-01T09:00:00+09:00' })).body
  const change = async (verb: string) => (await call('POST', `${PATH}/${id}/${verb}`)).body
  const paused = await change('pause')
  assert.deepEqual([paused.state, paused.sendAt], ['paused', '2026-12-01T00:00:00.000Z'])
  assert.equal((await change('resume')).state, 'active')
  const cancelled = await change('cancel')
  assert.deepEqual([cancelled.state, cancelled.messages], ['cancelled', { cancelled: 1 }])
  assert.equal((await change('resume')).code, 'wrong-state')
})

test('deliveries and messages come in pages that together hold each exactly once', async (t) => {
  const { call } = await startNativeApi(t)
  const recipients = Array.from({ length: 5 }, (_, index) => ({
    ...REQUEST.recipients[0],
    to: `r${index}@example.jp`,
  }))
  for (const _ of [1, 2, 3]) await call('POST', PATH, { ...REQUEST, recipients })
  const walk = async (path: string) => {
    const ids: number[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await call('GET', `${path}?limit=2${next && `&cursor=${next}`}`)
      ids.push(...body.items.map(({ id }: { id: number }) => id))
      next = body.next
    }
    return ids
  }
  const ids = await walk(PATH)
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => b - a),
  )
  assert.equal(new Set(ids).size, 3)
  assert.equal(new Set(await walk(`${PATH}/${ids[0]}/messages`)).size, 5)
})

test('a whole message is taken as text or in base64, and shows its own subject', async (t) => {
  const { call, database } = await startNativeApi(t)
  const raw = 'From: news@example.com\r\nSubject: =?utf-8?B?6Kej6Zmk?=\r\n\r\nHello\r\n'
  for (const given of [raw, Buffer.from(raw).toString('base64'), Buffer.from(raw).toString('base64url')]) {
    const { status } = await call('POST', PATH, {
      from: 'news@example.com',
      raw: given,
      recipients: [{ to: 'a@example.jp' }],
    })
    assert.equal(status, 202)
  }
  const { items } = (await call('GET', PATH)).body
  assert.deepEqual(
    items.map(({ subject }: { subject: string }) => subject),
    ['解除', '解除', '解除'],
  )
  const stored = await database.read(database.query.selectFrom('content').select('raw'))
  for (const content of stored) assert.equal(Buffer.from(content.raw ?? []).toString(), raw)
})

test('whatever is wrong with a delivery is named with its field, and nothing is stored', async (t) => {
  const { call, database } = await startNativeApi(t)
  const [recipient] = REQUEST.recipients
  const refused: [object, number, string, string][] = [
    [{ from: 'nobody' }, 400, 'invalid-value', 'from'],
    [{ from: '"a<b"@example.com' }, 400, 'invalid-value', 'from'],
    [{ from: 'a@example.com, b@example.com' }, 400, 'invalid-value', 'from'],
    [{ from: 'News <news@example.com>\r\nBcc: x@example.jp' }, 400, 'invalid-value', 'from'],
    [{ from: 'other@elsewhere.example' }, 422, 'from-not-allowed', 'from'],
    [{ replyTo: 'nobody' }, 400, 'invalid-value', 'replyTo'],
    [{ replyTo: 'a@example.com\nBcc: x@example.jp' }, 400, 'invalid-value', 'replyTo'],
    [{ subject: undefined }, 400, 'invalid-value', 'subject'],
    [{ subject: 'Hi\r\nBcc: x@example.jp' }, 400, 'invalid-value', 'subject'],
    [{ subject: 'Hi\0' }, 400, 'invalid-value', 'subject'],
    [{ subject: 'x'.repeat(999) }, 400, 'invalid-value', 'subject'],
    [{ subject: '\ud800' }, 400, 'invalid-value', 'subject'],
    [{ text: undefined }, 400, 'invalid-value', 'text'],
    [{ headers: { 'X-Tag': 'a\nb' } }, 400, 'invalid-value', 'headers.X-Tag'],
    [{ headers: { 'X Tag': 'a' } }, 400, 'invalid-value', 'headers.X Tag'],
    [{ headers: { Bcc: 'x@example.jp' } }, 400, 'invalid-value', 'headers.Bcc'],
    [{ ...WHOLE, raw: 'From: other@example.com\r\n\r\nx' }, 400, 'invalid-value', 'raw'],
    [{ ...WHOLE, subject: 'x' }, 400, 'invalid-value', 'subject'],
    [{ ...WHOLE, replyTo: 'help@example.com' }, 400, 'invalid-value', 'replyTo'],
    [{ ...WHOLE, text: 'x' }, 400, 'invalid-value', 'text'],
    [{ ...WHOLE, html: '<p>x' }, 400, 'invalid-value', 'html'],
    [{ ...WHOLE, headers: { 'X-Tag': 'x' } }, 400, 'invalid-value', 'headers'],
    [{ recipients: [] }, 400, 'invalid-value', 'recipients'],
    [{ recipients: Array(10_001).fill(recipient) }, 413, 'too-many-recipients', 'recipients'],
    [{ recipients: [recipient, { to: 'a@example.jp\r\nX: y' }] }, 400, 'invalid-value', 'recipients[1].to'],
    [{ recipients: [{ ...recipient, cc: 'x' }] }, 400, 'unknown-field', 'recipients[0].cc'],
    [
      { recipients: [{ ...recipient, unsubscribeUrl: 'http://example.jp/u' }] },
      400,
      'invalid-value',
      'recipients[0].unsubscribeUrl',
    ],
    [{ requestId: '' }, 400, 'invalid-value', 'requestId'],
    [{ requestId: 'x'.repeat(201) }, 400, 'invalid-value', 'requestId'],
    [{ sendAt: '2026-12-01 09:00' }, 400, 'invalid-value', 'sendAt'],
    [{ transactional: 'yes' }, 400, 'invalid-value', 'transactional'],
    [{ colour: 'red' }, 400, 'unknown-field', 'colour'],
    [{ cc: ['nobody'] }, 400, 'invalid-value', 'cc[0]'],
    [{ bcc: 'a@example.jp' }, 400, 'invalid-value', 'bcc'],
    [{ charset: 'utf-16' }, 400, 'invalid-value', 'charset'],
    [{ mailsPerHour: 0.5 }, 400, 'invalid-value', 'mailsPerHour'],
    [
      { attachments: [{ filename: 'a', contentType: 'b', content: '' }] },
      400,
      'invalid-value',
      'attachments[0].contentType',
    ],
  ]
  for (const [change, status, code, field] of refused) {
    const { status: answered, type, body } = await call('POST', PATH, { ...REQUEST, ...change })
    assert.deepEqual(
      [answered, body.code, body.field],
      [status, code, field],
      JSON.stringify(change).slice(0, 100),
    )
    assert.match(type, /^application\/problem\+json/)
  }
  for (const table of ['delivery', 'content', 'message'] as const) {
    assert.deepEqual(await database.read(database.query.selectFrom(table).selectAll()), [])
  }
})

test('a line break in a value that a header would hold makes that recipient malformed', async (t) => {
  const { call } = await startNativeApi(t)
  const recipients = [
    ...REQUEST.recipients,
    { to: 'b@example.jp', substitutions: { name: 'B\r\nBcc: x@example.jp' } },
  ]
  assert.deepEqual((await call('POST', PATH, { ...REQUEST, recipients })).body.malformed, ['b@example.jp'])
})

test('a delivery of another service does not exist', async (t) => {
  const { call } = await startNativeApi(t)
  const { id } = (await call('POST', PATH, REQUEST)).body
  for (const path of [`/${id}`, `/${id}/messages`, `/${id}/messages/1/raw`]) {
    const { status, body } = await call('GET', `/services/11/deliveries${path}`)
    assert.deepEqual([status, body.code], [404, 'unknown-delivery'])
  }
  for (const verb of ['pause', 'resume', 'cancel']) {
    assert.equal((await call('POST', `/services/11/deliveries/${id}/${verb}`)).body.code, 'unknown-delivery')
  }
})
