import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { kaijoClient } from '../../src/client/kaijo-client.ts'
import { someServer } from '../nodemailer/some-kaijo.ts'
import { sharedClient } from './shared-client.ts'

const LIST = 'sender:news@example.com'

describe('the client for other applications', () => {
  const client = sharedClient()

  it('stops, checks, tells why, and resumes', async () => {
    const { kaijo } = client()
    const added = await kaijo.suppressions.add(LIST, ['taro@example.jp', 'nobody'])
    assert.deepEqual(added, { changed: 1, unchanged: 0, malformed: ['nobody'] })
    const recipients = ['taro@example.jp', 'hanako@example.jp', 'nobody']
    const { deliverable, excluded, malformed } = await kaijo.check({ from: 'news@example.com', recipients })
    assert.deepEqual([deliverable, malformed], [['hanako@example.jp'], ['nobody']])
    assert.deepEqual([excluded[0]?.address, excluded[0]?.list], ['taro@example.jp', LIST])
    const { excludedBy, events } = await kaijo.suppressions.timeline('taro@example.jp')
    assert.deepEqual([excludedBy[0]?.list, events.length], [LIST, 1])
    const found: string[] = []
    for await (const { address } of kaijo.suppressions.search({ contains: 'taro' })) found.push(address)
    assert.deepEqual(found, ['taro@example.jp'])
    assert.equal((await kaijo.suppressions.resume(LIST, ['taro@example.jp'])).changed, 1)
    assert.deepEqual((await kaijo.check({ from: 'news@example.com', recipients })).excluded, [])
  })

  it('checks more recipients than one call takes, in their order, and nobody without a call', async () => {
    const { kaijo, server } = client()
    const recipients = Array.from({ length: 10_001 }, (_, index) => `r${index}@example.jp`)
    const checked = await kaijo.check({ from: 'news@example.com', recipients })
    assert.deepEqual(checked, { deliverable: recipients, excluded: [], malformed: [] })
    const nowhere = kaijoClient({ ...server.options, url: 'http://127.0.0.1:9' })
    const nobody = await nowhere.check({ from: 'news@example.com', recipients: [] })
    assert.deepEqual(nobody, { deliverable: [], excluded: [], malformed: [] })
  })

  it('sends, and tells what became of each recipient', async () => {
    const { kaijo, sink } = client()
    const mail = { from: 'news@example.com', subject: 'Hi', text: 'Hello', requestId: 'order-4711' }
    const delivery = { ...mail, recipients: [{ to: 'hanako@example.jp' }] }
    const { id, accepted } = await kaijo.send(delivery)
    assert.equal(accepted, 1)
    assert.equal((await kaijo.send(delivery)).id, id)
    await sink.waitFor(1)
    for await (const { to } of kaijo.deliveries.messages(id)) assert.equal(to, 'hanako@example.jp')
    assert.equal((await kaijo.deliveries.get(id)).subject, 'Hi')
    const { listUnsubscribePost } = await kaijo.headers({ from: 'news@example.com', to: 'a@example.jp' })
    assert.equal(listUnsubscribePost, 'List-Unsubscribe=One-Click')
  })

  it('imports a file from a stream, exports it as one, and undoes it', async () => {
    const { kaijo } = client()
    const request = { list: 'blocklist', action: 'add', name: 'blocked.csv' } as const
    async function* file() {
      yield Buffer.from('email\nshiro@exam')
      yield Buffer.from('ple.jp\ngoro@example.jp\n')
    }
    const { id } = await kaijo.imports.start(file(), request)
    assert.equal((await kaijo.imports.untilEnded(id)).rows.changed, 2)
    const csv = await new Response(await kaijo.export('blocklist', { reason: 'blocked' })).text()
    assert.match(csv, /^address,[^\r]+\r\ngoro@example\.jp,[^\r]+\r\nshiro@example\.jp,[^\r]+\r\n$/)
    await kaijo.imports.undo(id)
    assert.deepEqual((await kaijo.imports.untilEnded(id)).undo, { undone: 2, left: 0 })
    for await (const view of kaijo.imports.list()) assert.equal(view.id, id)
  })

  it('says what Kaijo refuses, field first, and that it cannot be asked', async (t) => {
    const { kaijo, server } = client()
    await assert.rejects(kaijo.suppressions.add('nosuch', ['taro@example.jp']), {
      code: 'EKAIJOREFUSED',
      message: /^Kaijo: list: /,
    })
    await assert.rejects(kaijo.imports.start('name\nTaro\n', { list: 'blocklist', action: 'add' }), {
      code: 'EKAIJOREFUSED',
      message: /^Kaijo: row 1, the header, has no column email/,
    })
    const url = await someServer(t, (request) => void request.socket.destroy())
    const broken = kaijoClient({ ...server.options, url })
    await assert.rejects(broken.export('blocklist'), { code: 'EKAIJOUNAVAILABLE', permanent: false })
    assert.throws(() => kaijoClient({ ...server.options, key: '' }), { code: 'EKAIJOCONFIG' })
  })
})
