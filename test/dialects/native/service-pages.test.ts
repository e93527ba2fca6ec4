import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { png } from '../../pages/pictures.ts'
import { forEachEngine } from '../../support/engines.ts'
import { ADMIN_KEY, startNativeApi, VIEWER_KEY } from './native-api.ts'

type World = Awaited<ReturnType<typeof startNativeApi>>

const putLogo = ({ send }: World, payload: Buffer, headers: Record<string, string> = {}) =>
  send({
    method: 'PUT',
    url: '/api/v1/services/10/logo',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'image/png', ...headers },
    payload,
  })

forEachEngine((engine) => {
  describe('the public pages of a service', () => {
    it('get a name, a colour, a link and texts, which stay until others are given', async (t) => {
      const { call } = await startNativeApi(t, { engine })
      const texts = { ja: { footer: '株式会社アクメ\n03-0000-0000' }, en: {} }
      const page = { name: 'Acme', accent: '#FFCC00', privacyUrl: 'https://acme.example/privacy', texts }
      const changed = await call('PATCH', '/services/10', { page })
      const expected = { ...page, accent: '#ffcc00', language: 'en' }
      assert.deepEqual([changed.status, changed.body.page], [200, expected])
      await call('PATCH', '/services/10', { page: { accent: null, texts: { en: { ask: 'Sure?' } } } })
      assert.deepEqual((await call('GET', '/services/10')).body.page, {
        ...expected,
        accent: null,
        texts: { ja: {}, en: { ask: 'Sure?' } },
      })
    })

    it('refuse what they could not show, naming each field', async (t) => {
      const { call } = await startNativeApi(t, { engine })
      const page = { accent: 'red', privacyUrl: 'http://x.example', texts: { ja: { ask: '' } }, logo: 'x' }
      const { status, body } = await call('PATCH', '/services/10', { page })
      assert.equal(status, 400)
      assert.deepEqual(body.errors.map(({ field }: { field: string }) => field).sort(), [
        'page.accent',
        'page.logo',
        'page.privacyUrl',
        'page.texts.ja.ask',
      ])
    })

    it('are shown before they are saved, changing nothing', async (t) => {
      const { call } = await startNativeApi(t, { engine })
      await call('PATCH', '/services/10', { page: { name: 'Acme' } })
      const preview = (body: object) =>
        call('POST', '/services/10/page/preview', body, { authorization: `Bearer ${VIEWER_KEY}` })
      const page = { accent: '#112233', texts: { ja: { stopped: '<b>止めました</b>' }, en: {} } }
      const { status, body } = await preview({ language: 'ja', state: 'stopped', page })
      assert.equal(status, 200)
      assert.match(body.html, /<header>Acme<\/header>/)
      assert.match(body.html, /--accent:#112233/)
      assert.match(body.html, /&lt;b&gt;止めました&lt;\/b&gt;/)
      assert.match((await preview({ language: 'en', state: 'ask' })).body.html, /Do you want to unsubscribe/)
      const wrong = await preview({ language: 'en', state: 'ask', page: { accent: 'red' } })
      assert.deepEqual([wrong.status, wrong.body.field], [400, 'page.accent'])
      assert.equal((await call('GET', '/services/10')).body.page.accent, null)
    })
  })

  describe('the logo of a service', () => {
    it('is taken by its bytes, told where it is, and taken away again; the record knows', async (t) => {
      const world = await startNativeApi(t, { engine })
      const taken = await putLogo(world, png(30, 10))
      const { path, ...size } = taken.body.logo
      assert.deepEqual([taken.status, size], [200, { width: 30, height: 10 }])
      assert.match(path, /^\/-\/logo\/[0-9a-f]{32}$/)
      assert.deepEqual((await world.call('GET', '/services/10')).body.logo, taken.body.logo)
      assert.equal((await world.call('GET', '/services/11')).body.logo, null)
      const removed = await world.call('DELETE', '/services/10/logo')
      assert.deepEqual([removed.status, removed.body.logo], [200, null])
      await world.call('DELETE', '/services/10/logo')
      const { items } = (await world.call('GET', '/audit?action=service.logo')).body
      assert.deepEqual(
        items.map(({ detail }: { detail: { logo: string | null } }) => detail.logo === null),
        [true, false],
      )
    })

    it('may be nothing but a picture of a bearable size, whatever it is called', async (t) => {
      const world = await startNativeApi(t, { engine })
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
      for (const [bytes, type] of [
        [svg, 'image/png'],
        [png(2_001, 1), 'image/png'],
        [Buffer.concat([png(10, 10), Buffer.alloc(200 * 1_024)]).subarray(0, 200 * 1_024 + 1), 'image/png'],
        [Buffer.alloc(0), 'image/png'],
      ] as const) {
        const { status, body } = await putLogo(world, bytes, { 'content-type': type })
        assert.deepEqual([status, body.code], [400, 'invalid-value'], `${bytes.length}`)
      }
      assert.equal((await putLogo(world, svg, { 'content-type': 'image/svg+xml' })).status, 415)
      assert.equal((await putLogo(world, Buffer.alloc(300_000))).body.code, 'too-large')
      assert.equal((await putLogo(world, png(9, 9), { authorization: `Bearer ${VIEWER_KEY}` })).status, 403)
      assert.equal((await world.call('GET', '/services/10')).body.logo, null)
    })
  })
})
