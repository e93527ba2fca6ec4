import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNativeApi } from './native-api.ts'

const REQUEST = { from: 'News <news@example.com>', to: 'Taro@example.jp', messageId: '<7@mailer.example>' }

test('the pair of a one-click sender opens to the recipient and the Message-ID', async (t) => {
  const { call, links, time } = await startNativeApi(t)
  const { status, body } = await call('POST', '/services/10/headers', REQUEST)
  assert.equal(status, 200)
  assert.deepEqual(body, {
    listUnsubscribe: `<${body.url}>, <${body.mailto}>`,
    listUnsubscribePost: 'List-Unsubscribe=One-Click',
    url: body.url,
    mailto: body.mailto,
  })
  const [, classId, token] = /^https:\/\/u\.example\/([a-z2-7]{16})\/-(.+)$/.exec(body.url) ?? []
  const opened = links.open(classId ?? '', token ?? '')
  assert.ok(opened.ok)
  assert.deepEqual(opened, {
    ok: true,
    keyId: '0a1b2c',
    recipient: 'Taro@example.jp',
    mintedAt: time.now,
    message: { kind: 'foreign', messageId: '7@mailer.example' },
  })
  assert.equal(body.mailto, `mailto:unsub@in.example?subject=${classId}/-${token}`)
})

test('a filter that matches the headers comes before the sender, and needs none', async (t) => {
  const { call } = await startNativeApi(t)
  const [filter] = (await call('GET', '/services/10/filters')).body.items
  for (const from of ['news@example.com', 'unregistered@example.com']) {
    const { body } = await call('POST', '/services/10/headers', {
      ...REQUEST,
      from,
      headers: { 'x-list': 'tips' },
    })
    assert.ok(body.url.startsWith(`${filter.baseUrl}/-`))
  }
})

test('what cannot be minted is refused with its field', async (t) => {
  const { call } = await startNativeApi(t)
  const refused: [object, number, string, string][] = [
    [{ from: 'other@example.com' }, 404, 'unknown-sender', 'from'],
    [{ from: 'news@example.com, b@example.com' }, 400, 'invalid-value', 'from'],
    [{ from: 'news@example.com\r\nX: y' }, 400, 'invalid-value', 'from'],
    [{ to: 'nobody' }, 400, 'invalid-value', 'to'],
    [{ to: 'a@example.jp\nX: y' }, 400, 'invalid-value', 'to'],
    [{ from: '"a<b"@example.com' }, 400, 'invalid-value', 'from'],
    [{ to: '"a<b"@example.jp' }, 400, 'invalid-value', 'to'],
    [{ messageId: '<a b>' }, 400, 'invalid-value', 'messageId'],
    [{ messageId: '<a>\r\nX: y' }, 400, 'invalid-value', 'messageId'],
    [{ headers: { 'X-List': 'tips\r\nX: y' } }, 400, 'invalid-value', 'headers.X-List'],
  ]
  for (const [change, status, code, field] of refused) {
    const { status: answered, body } = await call('POST', '/services/10/headers', { ...REQUEST, ...change })
    assert.deepEqual([answered, body.code, body.field], [status, code, field], JSON.stringify(change))
  }
})

test('a Message-ID that leaves the pair no room on its line is refused by its own name', async (t) => {
  const { call } = await startNativeApi(t)
  const outcomes = new Set<string>()
  for (let length = 100; length < 990; length += 7) {
    const messageId = `<${'x'.repeat(length)}>`
    const { status, body } = await call('POST', '/services/10/headers', { ...REQUEST, messageId })
    outcomes.add(status === 200 ? 'minted' : `${body.code} ${body.field}`)
    if (status === 200) assert.ok(`List-Unsubscribe: ${body.listUnsubscribe}`.length <= 998)
  }
  assert.deepEqual([...outcomes], ['minted', 'invalid-value messageId'])
})
