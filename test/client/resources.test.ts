import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Failure } from '../../src/client/failure.ts'
import { kaijoClient } from '../../src/client/kaijo-client.ts'
import { someServer } from '../nodemailer/some-kaijo.ts'
import { sharedClient } from './shared-client.ts'

const FORM = {
  name: 'newsletter',
  texts: { ja: { title: 'メルマガのご登録', consent: '同意します' } },
  doubleOptIn: false,
}

describe('what a service has, by the client for other applications', () => {
  const client = sharedClient()

  it('makes a form, by which somebody agrees and joins, and takes it away again', async () => {
    const { kaijo, server } = client()
    const { id, url, revision } = await kaijo.forms.create(FORM)
    assert.equal(url, `https://u.example.com/-/form/${id}`)
    assert.deepEqual(await all(kaijo.forms.list()), [await kaijo.forms.get(id)])
    assert.match((await kaijo.forms.embed(id, { language: 'ja' })).frame, /^<iframe /)
    const changed = await kaijo.forms.change(id, { redirectUrl: 'https://example.com/', revision })
    assert.equal(changed.redirectUrl, 'https://example.com/')
    await assert.rejects(kaijo.forms.change(id, { active: false, revision }), refusal('changed-meanwhile'))

    const page = `${server.options.url}/-/form/${id}?lang=ja`
    const body = new URLSearchParams({ address: 'jiro@example.jp', consent: 'yes' })
    assert.equal((await fetch(page, { method: 'POST', body, redirect: 'manual' })).status, 303)
    const { membership, via, agreements } = await kaijo.subscribers.get('jiro@example.jp')
    assert.deepEqual([membership, via, agreements[0]?.text], ['joined', 'form', '同意します'])
    const file = await new Response(await kaijo.export('agreements', {}, { format: 'ndjson' })).text()
    assert.equal(JSON.parse(file).formId, id)

    await kaijo.forms.remove(id)
    await assert.rejects(kaijo.forms.get(id), refusal('unknown-form'))
    assert.equal((await kaijo.subscribers.get('jiro@example.jp')).membership, 'joined')
  })

  it('registers subscribers, one and by a file, finds them, lets them leave and deletes them', async () => {
    const { kaijo } = client()
    await kaijo.suppressions.add('sender:news@example.com', ['taro@example.jp'])
    const registered = await kaijo.subscribers.register('taro@example.jp', { userIds: ['4711'] })
    assert.deepEqual([registered.created, registered.lifted], [true, 1])
    const done = await kaijo.subscribers.import('email,user_id\nhanako@example.jp,77\nnobody,1\n')
    assert.deepEqual([done.imported, done.rejects[0]?.code], [1, 'malformed-address'])
    const left = await kaijo.subscribers.edit('taro@example.jp', { membership: 'left' })
    assert.equal(left.membership, 'left')
    const found = await all(kaijo.subscribers.search({ membership: 'left' }))
    assert.deepEqual(
      found.map(({ userIds }) => userIds),
      [['4711']],
    )
    const [membership] = await kaijo.subscribers.memberships('hanako@example.jp')
    assert.deepEqual([membership?.service, membership?.membership], [{ id: 1, name: 'news' }, 'joined'])
    assert.equal(await kaijo.subscribers.remove('taro@example.jp'), undefined)
    await assert.rejects(kaijo.subscribers.get('taro@example.jp'), refusal('unknown-subscriber'))
  })

  it('registers a sender, and makes, tries, changes and deletes a filter', async () => {
    const { kaijo } = client()
    const { baseUrl } = await kaijo.senders.register('tips@example.com')
    const known = (await all(kaijo.senders.list())).map(({ address, oneClick }) => [address, oneClick])
    assert.deepEqual(known, [
      ['news@example.com', true],
      ['shop@example.com', false],
      ['tips@example.com', true],
    ])
    assert.match(baseUrl, /^https:\/\/u\.example\.com\//)
    const filter = await kaijo.filters.create({ name: 'Sale', header: 'X-List', pattern: 'sale' })
    const mail = { from: 'news@example.com', headers: { 'X-List': 'sale' } }
    assert.equal((await kaijo.filters.try(mail)).link, 'filter:Sale')
    const { classId, revision } = filter
    const changed = await kaijo.filters.change(classId, { pattern: 'sales', revision })
    assert.equal((await kaijo.filters.try(mail)).link, 'sender:news@example.com')
    await assert.rejects(kaijo.filters.remove(classId, { revision }), refusal('changed-meanwhile'))
    await kaijo.filters.remove(classId, { revision: changed.revision })
    assert.deepEqual(
      (await all(kaijo.filters.list())).map(({ name }) => name),
      ['Tips'],
    )
  })

  it('finds deliveries and messages, sends again whom it left out, and counts', async () => {
    const { kaijo, sink } = client()
    await kaijo.suppressions.add('blocklist', ['shiro@example.jp'])
    const recipients = [{ to: 'shiro@example.jp' }, { to: 'goro@example.jp' }]
    const { id } = await kaijo.send({ from: 'news@example.com', subject: 'Hi', text: 'Hello', recipients })
    await sink.waitFor(1)
    const [delivery] = await all(kaijo.deliveries.search({ sender: 'news@example.com' }))
    assert.equal(delivery?.id, id)
    const excluded = await all(kaijo.messages({ recipient: 'shiro@example.jp' }))
    assert.deepEqual(
      excluded.map(({ deliveryId, state, list }) => [deliveryId, state, list]),
      [[id, 'excluded', 'blocklist']],
    )
    await kaijo.suppressions.resume('blocklist', ['shiro@example.jp'])
    assert.equal((await kaijo.deliveries.resend(id, { list: 'blocklist' })).queued, 1)
    await sink.waitFor(2)
    const counts = await all(kaijo.reports.counts())
    assert.equal(counts.find(({ outcome }) => outcome === 'excluded')?.count, 1)
    assert.equal((await kaijo.reports.days()).find(({ accepted }) => accepted > 0)?.accepted, 2)
    await kaijo.suppressions.add('sender:news@example.com', ['saburo@example.jp'])
    const [expiring] = await kaijo.reports.expiring({ days: 100 })
    assert.deepEqual([expiring?.list, expiring?.count], ['sender:news@example.com', 1])
    const file = await new Response(await kaijo.export('messages', { delivery: id })).text()
    assert.equal(file.trim().split('\r\n').length, 3)
  })

  it('takes in mail that came back, and tells how often mail to an address did', async () => {
    const { kaijo } = client()
    const mail = 'From: a@example.jp\r\nTo: b@example.com\r\nSubject: ?\r\n\r\nWhat is this?\r\n'
    assert.deepEqual(await kaijo.inbound.take(mail), [{ kind: 'other', outcome: 'not-understood' }])
    const [open] = await all(kaijo.inbound.list({ open: true }))
    assert.equal(open?.outcome, 'not-understood')
    const id = open?.id ?? 0
    assert.match(Buffer.from(await kaijo.inbound.raw(id)).toString(), /What is this\?/)
    assert.notEqual((await kaijo.inbound.resolve(id)).resolvedAt, null)
    assert.equal((await kaijo.inbound.addresses()).complaints, null)
    await kaijo.errorCounts.set([{ address: 'roku@example.jp', count: 2 }])
    const { items, malformed } = await kaijo.errorCounts.of(['roku@example.jp', 'nana@example.jp', 'nobody'])
    assert.deepEqual(
      [items.map(({ address, count }) => [address, count]), malformed],
      [[['roku@example.jp', 2]], ['nobody']],
    )
  })

  it('writes the rows that an import skipped', async () => {
    const { kaijo } = client()
    const { id } = await kaijo.imports.start('email\nnobody\n', { list: 'blocklist', action: 'add' })
    await kaijo.imports.untilEnded(id)
    const rejects = await new Response(await kaijo.imports.rejects(id, { language: 'ja' })).text()
    assert.match(rejects, /nobody.*malformed-address/)
  })

  it('does not repeat what a repeat would answer otherwise when the connection breaks', async (t) => {
    const { server } = client()
    let calls = 0
    const url = await someServer(t, (request) => {
      calls++
      request.socket.destroy()
    })
    const broken = kaijoClient({ ...server.options, url })
    await assert.rejects(broken.forms.create(FORM), { code: 'EKAIJOUNAVAILABLE' })
    assert.equal(calls, 1)
    await assert.rejects(broken.forms.get('x'), { code: 'EKAIJOUNAVAILABLE' })
    assert.equal(calls, 3)
  })
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

function refusal(code: string) {
  return (error: Failure) => error.code === 'EKAIJOREFUSED' && error.problem?.code === code
}
