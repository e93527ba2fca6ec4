import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { updateService } from '../../../src/tenants/service.ts'
import { setServiceLogo } from '../../../src/tenants/service-logo.ts'
import { png } from '../../pages/pictures.ts'
import { forEachEngine } from '../../support/engines.ts'
import { sharedInstallation } from '../../support/installation.ts'
import { assertPublic, begin, get, PAGE, post, press, URLENCODED } from './public-requests.ts'
import { send } from './raw-http.ts'

const OWN = {
  ja: {
    ask: '止めますか。',
    stopped: '止めました。',
    alreadyStopped: '止まっています。',
    resumed: '戻りました。',
  },
  en: {},
}

forEachEngine((engine) => {
  const shared = sharedInstallation(engine.name, () => ({ serves: 'http' }))

  describe('the page of a service that has a look of its own', () => {
    it('looks and speaks as the service wants, at each step, and in Kaijo’s words where it has none', async () => {
      const installation = shared()
      const { database } = installation.capabilities
      const { service, url, targetOf, wouldMail } = await begin(installation)
      await updateService(database, service.id, {
        page: { name: 'アクメ', accent: '#ffcc00', language: 'ja', texts: OWN },
      })
      const target = targetOf('taro@example.com')
      // Its browser asks for neither language.
      const page = await send(url, get(target, `Accept: ${PAGE}`))
      assertPublic(page, 200)
      assert.match(page.body, /<html lang="ja">/)
      assert.match(page.body, /<header>アクメ<\/header>/)
      assert.match(page.body, /<p>止めますか。<\/p>/)
      assert.match(page.body, /--accent:#ffcc00/)
      const stopped = await press(url, page)
      assert.match(stopped.body, /<p>止めました。<\/p>/)
      assert.equal(await wouldMail('taro@example.com'), false)
      const again = await send(url, get(target, `Accept: ${PAGE}`))
      assert.match(again.body, /<p>止まっています。<\/p>/)
      assert.match((await press(url, again)).body, /<p>戻りました。<\/p>/)
      assert.equal(await wouldMail('taro@example.com'), true)

      const english = await send(url, get(target, `Accept: ${PAGE}`, 'Accept-Language: en'))
      assert.match(english.body, /If you unsubscribe, you will no longer receive mail from this sender/)
      assert.match(english.body, /アクメ/)
    })

    it('says the same to who reads text, and asks for no look when a provider posts', async () => {
      const installation = shared()
      const { database } = installation.capabilities
      const { service, url, targetOf } = await begin(installation)
      await updateService(database, service.id, { page: { language: 'ja', texts: OWN } })
      const target = targetOf('taro@example.com')
      const response = await send(url, post(target, [URLENCODED]))
      assertPublic(response, 200)
      assert.match(response.body, /^You have unsubscribed\n/)
    })

    it('leaves the pages of others alone', async () => {
      const installation = shared()
      const { url, targetOf } = await begin(installation)
      const { body } = await send(url, get(targetOf('taro@example.com'), `Accept: ${PAGE}`))
      assert.doesNotMatch(body, /<header|<footer|アクメ/)
    })
  })

  describe('a logo', () => {
    it('is shown on the page, and kept by whoever has seen it', async () => {
      const installation = shared()
      const { database } = installation.capabilities
      const { service, url, targetOf } = await begin(installation)
      const { id } = await setServiceLogo(database, service.id, png(30, 10))
      const page = await send(url, get(targetOf('taro@example.com'), `Accept: ${PAGE}`))
      assert.ok(page.body.includes(`<img src="/-/logo/${id}" width="30" height="10" alt="">`))
      assert.match(page.headers['content-security-policy'] ?? '', /; img-src 'self'; /)

      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${url}/-/logo/${id}`, { method })
        assert.equal(response.status, 200)
        const { headers } = response
        assert.equal(headers.get('content-type'), 'image/png')
        assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable')
        assert.equal(headers.get('x-content-type-options'), 'nosniff')
        assert.equal(headers.get('content-security-policy'), `default-src 'none'; sandbox`)
        assert.equal(headers.get('set-cookie'), null)
        assert.equal(headers.get('content-length'), String(png(30, 10).length))
        const bytes = Buffer.from(await response.arrayBuffer())
        assert.ok(bytes.equals(method === 'GET' ? png(30, 10) : Buffer.alloc(0)))
      }
    })

    it('that nobody has is not there, and none is changed by its address', async () => {
      const { url } = shared()
      for (const path of [
        '/-/logo/',
        '/-/logo/0123',
        `/-/logo/${'0'.repeat(32)}`,
        '/-/logo/../../etc/passwd',
      ]) {
        assert.equal((await send(url, get(path))).status, 404, path)
      }
      const posted = await fetch(`${url}/-/logo/${'0'.repeat(32)}`, { method: 'POST', body: 'x' })
      assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD'])
    })
  })
})
