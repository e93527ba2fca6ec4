import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNativeApi } from './native-api.ts'

/** A mail as a caller knows it, whichever call it is given to. */
interface Mail {
  from?: string
  subject?: string
  replyTo?: string
  /** Of mail that is composed elsewhere. */
  messageId?: string
  headers?: Record<string, string>
}

const READER = 'reader@example.jp'
const ENCODED = '=?utf-8?B?44GK5bqX?='

const CASES: [mail: Mail, header: string, pattern: string, matches: boolean][] = [
  [{ from: 'news@example.com' }, 'From', 'news@example.com', true],
  [{ from: '<news@example.com>' }, 'From', 'news@example.com', true],
  [{ from: 'News <news@example.com>' }, 'From', 'News <news@example.com>', true],
  [{ from: 'News <news@example.com>' }, 'from', 'news@example.com', false],
  [{ from: '"News, Inc" <news@example.com>' }, 'From', 'News, Inc <news@example.com>', true],
  [{ from: '"News, Inc" <news@example.com>' }, 'From', '"News, Inc" <news@example.com>', false],
  [{ from: 'お店 <News@Example.com>' }, 'From', 'お店 <News@Example.com>', true],
  [{ from: `${ENCODED} <news@example.com>` }, 'From', 'お店 <news@example.com>', true],
  [{ subject: '本日の特売' }, 'Subject', '本日の特売', true],
  [{ subject: ` ${ENCODED}` }, 'subject', 'お店', true],
  [{ subject: 'Other' }, 'Subject', '本日の特売', false],
  [{ replyTo: 'help@example.com' }, 'Reply-To', 'help@example.com', true],
  [{ replyTo: '"Help, Desk" <help@example.com>' }, 'Reply-To', 'Help, Desk <help@example.com>', true],
  [
    { headers: { 'Reply-To': '"A" <a@example.com>, b@example.com' } },
    'Reply-To',
    'A <a@example.com>, b@example.com',
    true,
  ],
  [{ headers: { Cc: '"C, D" <c@example.jp>' } }, 'Cc', 'C, D <c@example.jp>', true],
  [{ headers: { 'List-Id': 'Tips <a.example.com>' } }, 'List-ID', 'Tips <a.example.com>', true],
  [{ headers: { 'X-Tag': ` ${ENCODED} ` } }, 'X-Tag', 'お店', true],
  [{ headers: { 'X-Tag': 'a', 'x-tag': 'b' } }, 'X-TAG', 'a', true],
  [{ headers: { 'X-Tag': 'a', 'x-tag': 'b' } }, 'X-TAG', 'b', true],
  [{ headers: { 'X-Tag': 'a' } }, 'X-Other', 'a', false],
  [{ messageId: '<7@mailer.example>' }, 'Message-ID', '<7@mailer.example>', true],
  [
    { headers: { To: '"All" <all@example.com>' }, messageId: '<7@mailer.example>' },
    'To',
    'All <all@example.com>',
    true,
  ],
]

test('a filter decides the same in a check, its stream, minted headers, a composed mail and a whole one', async (t) => {
  const { call } = await startNativeApi(t)
  for (const [index, [mail, header, pattern, matches]] of CASES.entries()) {
    const name = `case ${index}`
    const filter = (await call('POST', '/services/10/filters', { name, header, pattern, match: 'exact' }))
      .body
    const list = `filter:${name}`
    await call('POST', '/services/10/suppressions', { list, addresses: [READER] })
    const decisions = await decide(call, mail, { list, baseUrl: filter.baseUrl })
    const expected = Object.fromEntries(Object.keys(decisions).map((way) => [way, matches]))
    assert.deepEqual(decisions, expected, `${JSON.stringify(mail)}, ${header}: ${pattern}`)
    await call('DELETE', `/services/10/filters/${filter.classId}`)
  }
})

/** Whether the filter matches, by each way in which a mail can be asked about or sent. */
async function decide(
  call: Awaited<ReturnType<typeof startNativeApi>>['call'],
  { from = 'news@example.com', subject = 'Hello', replyTo, messageId, headers = {} }: Mail,
  filter: { list: string; baseUrl: string },
): Promise<Record<string, boolean>> {
  const post = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const answer = await call('POST', `/services/10/${path}`, body, more)
    assert.ok(answer.status < 300, answer.text)
    return answer
  }
  const all = {
    ...headers,
    Subject: subject,
    ...(replyTo !== undefined && { 'Reply-To': replyTo }),
  }
  const withId = { ...all, ...(messageId !== undefined && { 'Message-ID': messageId }) }
  const recipients = [{ to: READER }]

  const checked = (await post('check', { from, headers: withId, recipients: [READER] })).body
  const lines = `${JSON.stringify({ from, headers: withId })}\n${JSON.stringify(READER)}\n`
  const streamed = await post('check', lines, { 'content-type': 'application/x-ndjson' })
  const minted = (await post('headers', { from, to: READER, headers: all, messageId })).body
  const fields = Object.entries({ From: from, ...withId }).map(([name, value]) => `${name}: ${value}\r\n`)
  const whole = (await post('deliveries', { from, raw: `${fields.join('')}\r\nHello\r\n`, recipients })).body
  const decisions = {
    check: checked.excluded[0]?.list === filter.list,
    stream: JSON.parse(streamed.text).list === filter.list,
    headers: minted.url.startsWith(`${filter.baseUrl}/-`),
    whole: whole.excluded[filter.list] === 1,
  }
  // The Message-ID of a composed mail is ours.
  if (messageId !== undefined) return decisions
  const composed = (await post('deliveries', { from, subject, replyTo, headers, text: 'Hello', recipients }))
    .body
  return { ...decisions, composed: composed.excluded[filter.list] === 1 }
}

test('a filter matches any of the values of a header that stands in a mail several times', async (t) => {
  const { call } = await startNativeApi(t)
  const filter = { name: 'tag', header: 'X-Tag', pattern: 'b', match: 'exact' }
  const { classId } = (await call('POST', '/services/10/filters', filter)).body
  await call('POST', '/services/10/suppressions', { list: 'filter:tag', addresses: [READER] })
  const mail = { from: 'news@example.com', headers: { 'X-Tag': ['a', ' b '] } }
  const checked = await call('POST', '/services/10/check', { ...mail, recipients: [READER] })
  assert.equal(checked.body.excluded[0].list, 'filter:tag')
  const minted = await call('POST', '/services/10/headers', { ...mail, to: READER })
  assert.ok(minted.body.url.includes(classId))
})
