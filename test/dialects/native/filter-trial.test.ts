import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../support/engines.ts'
import { startNativeApi, VIEWER_KEY } from './native-api.ts'

const TRY = '/services/10/filters/try'

forEachEngine((engine) => {
  /** Beside `Tips`, which wants X-List to be tips. */
  const start = async (t: Parameters<typeof startNativeApi>[0]) => {
    const native = await startNativeApi(t, { engine })
    for (const request of [
      { name: 'お知らせ', header: 'Subject', pattern: '^お知らせ', match: 'regex' },
      { name: 'Also tips', header: 'x-list', pattern: 'TIPS|tips', match: 'regex' },
    ]) {
      await native.call('POST', '/services/10/filters', request)
    }
    const attempt = async (body: object) => {
      const { status, body: answer } = await native.call('POST', TRY, body)
      assert.equal(status, 200, JSON.stringify(answer))
      const verdicts = answer.filters.map(({ name, verdict }: Record<string, string>) => [name, verdict])
      return { ...answer, verdicts: Object.fromEntries(verdicts) }
    }
    return { ...native, attempt }
  }

  test('a header is tried in the order of the filters, and the first one names the link', async (t) => {
    const { attempt } = await start(t)
    const tried = await attempt({ from: 'news@example.com', headers: { 'X-LIST': 'tips' } })
    assert.deepEqual(Object.entries(tried.verdicts), [
      ['Tips', 'matches'],
      ['お知らせ', 'no-header'],
      ['Also tips', 'matches'],
    ])
    assert.deepEqual(tried.values, { subject: [], 'x-list': ['tips'] })
    assert.equal(tried.link, 'filter:Tips')
    assert.deepEqual(tried.lists, ['sender:news@example.com', 'filter:Tips', 'filter:Also tips'])
  })

  test('what does not match says why: no such header, another value, or capital letters alone', async (t) => {
    const { attempt } = await start(t)
    const { verdicts, link, lists } = await attempt({ headers: { 'X-List': 'Tips ', Subject: '' } })
    assert.deepEqual(verdicts, { Tips: 'other-case', お知らせ: 'no-header', 'Also tips': 'other-value' })
    assert.deepEqual([link, lists], [null, []])
    const other = await attempt({ from: 'news@example.com', headers: { 'X-List': ['deals', 'news'] } })
    assert.equal(other.verdicts.Tips, 'other-value')
    assert.deepEqual([other.values['x-list'], other.link], [['deals', 'news'], 'sender:news@example.com'])
  })

  test('a mail that is pasted is read as it is when it is sent', async (t) => {
    const { attempt } = await start(t)
    const encoded = Buffer.from('お知らせです').toString('base64')
    const head = `From: News <news@example.com>\nX-List:\n tips\nSubject: =?UTF-8?B?${encoded}?=\n`
    for (const message of [head, `${head}\nX-List: not of the header\n`, head.replaceAll('\n', '\r\n')]) {
      const { verdicts, link, values } = await attempt({ message })
      assert.deepEqual(verdicts, { Tips: 'matches', お知らせ: 'matches', 'Also tips': 'matches' })
      assert.deepEqual([link, values.subject], ['filter:Tips', ['お知らせです']])
    }
    assert.equal((await attempt({ message: 'no header at all' })).link, null)
  })

  test('what cannot be tried is refused by its field, and a trial changes nothing', async (t) => {
    const { call, database } = await start(t)
    const fieldOf = async (body: object) => {
      const { status, body: problem } = await call('POST', TRY, body)
      return [status, problem.field]
    }
    assert.deepEqual(await fieldOf({ message: 'X-List: tips', headers: {} }), [400, 'message'])
    assert.deepEqual(await fieldOf({ from: 'nobody' }), [400, 'from'])
    assert.deepEqual(await fieldOf({ message: 'x'.repeat(60_001) }), [400, 'message'])
    assert.deepEqual(await fieldOf({ headers: { 'X-List': 'a\nb' } }), [400, 'headers.X-List'])
    const viewer = { authorization: `Bearer ${VIEWER_KEY}` }
    assert.equal((await call('POST', TRY, { headers: { 'X-List': 'tips' } }, viewer)).status, 200)
    const [events] = await database.read(
      database.query.selectFrom('event').select(({ fn }) => fn.countAll<number>().as('count')),
    )
    assert.equal(events?.count, 0)
  })
})
