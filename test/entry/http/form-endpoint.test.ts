import assert from 'node:assert/strict'
import { it } from 'node:test'
import { deleteForm, updateForm } from '../../../src/subscribers/forms/form.ts'
import { findSubscriber } from '../../../src/subscribers/search.ts'
import { readTimeline } from '../../../src/suppression/reading/timeline.ts'
import type { FormRequest } from '../../../src/tenants/form-rules.ts'
import { findLists } from '../../../src/tenants/list.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { publicForm, REQUEST, sharedAsking, visit } from './public-form.ts'

forEachEngine(({ name: engine }) => {
  const asking = sharedAsking(engine)
  const installation = () => asking().installation
  const begin = (change?: Partial<FormRequest>) => publicForm(asking(), change)

  it('joins whoever confirms it by the link in the mail, and then takes them off the lists of senders and filters', async () => {
    const form = await begin()
    await form.tenant.addFilter({ name: 'Tips', header: 'X-List', pattern: 'tips' })
    const everywhere = ['filter:Tips', 'sender:news@example.com', 'hard-bounces', 'complaints', 'blocklist']
    for (const list of everywhere.slice(0, 2)) await form.tenant.stop(list, 'taro@example.jp')
    await installation().capabilities.join({
      ...{ service: form.service, recipient: { address: 'taro@example.jp', key: 'taro@example.jp' } },
      ...{ via: 'api', data: { userIds: ['u1'], attributes: { rank: 3, name: 'old' } } },
    })
    for (const list of everywhere.slice(0, 2)) await form.tenant.stop(list, 'taro@example.jp')

    const page = await form.open({ 'accept-language': 'ja' })
    assert.equal(page.status, 200)
    assert.match(page.body, /<html lang="ja">[\s\S]*<p>毎週<br>お届けします。<\/p>/)
    assert.match(page.body, /<label for="kaijo-1"><bdi>お名前<\/bdi> <small>\(必須\)<\/small><\/label>/)
    assert.doesNotMatch(page.body, /<script|style=| on\w+=/)

    const sent = await form.enter({ address: ' Taro@example.jp', name: '山田太郎' })
    assert.deepEqual([sent.status, /Please look into your mail/.test(sent.body)], [200, true])
    assert.match(sent.body, /<dd>Taro@example\.jp<\/dd>/)
    assert.equal(await form.tenant.wouldMail('taro@example.jp'), false)
    const { link, head } = await form.lastMail()
    assert.match(head, /^Subject: Almost \{\{there\}\}$/m)
    assert.match(head, /^To: Taro@example\.jp$/m)

    assert.equal((await visit(installation(), link)).status, 200)
    assert.equal(await form.tenant.wouldMail('taro@example.jp'), false)
    const joined = await visit(installation(), link, {}, 'POST')
    assert.deepEqual([joined.status, /Welcome\./.test(joined.body)], [200, true])
    assert.equal(await form.tenant.wouldMail('taro@example.jp'), true)
    const { database } = installation().capabilities
    const known = await findSubscriber(database, form.service, 'taro@example.jp')
    assert.deepEqual(
      [known.address, known.membership, known.userIds, known.attributes],
      ['Taro@example.jp', 'joined', ['u1'], { rank: 3, name: '山田太郎', offers: false }],
    )
    const lists = await findLists(database, form.service.id)
    const { events } = await readTimeline(database, lists, 'taro@example.jp')
    assert.deepEqual(
      events
        .slice(0, 2)
        .map(({ kind, source, evidence }) => [
          kind,
          source,
          evidence && 'method' in evidence && evidence.method,
        ]),
      [
        ['remove', 'form', 'POST'],
        ['remove', 'form', 'POST'],
      ],
    )
    // Pressed once more it changes nothing.
    assert.equal((await visit(installation(), link, {}, 'POST')).status, 200)
    assert.equal((await readTimeline(database, lists, 'taro@example.jp')).events.length, events.length)
  })

  it('joins at once where nothing has to be confirmed, never taking anybody off the lists about mailboxes and abuse', async () => {
    const form = await begin({ doubleOptIn: false })
    await form.tenant.stop('sender:news@example.com', 'a@example.jp', 'b@example.jp')
    await form.tenant.stop('hard-bounces', 'b@example.jp')
    const answer = await form.enter({ address: 'a@example.jp', offers: 'yes' }, { 'accept-language': 'ja' })
    assert.deepEqual([answer.status, /ようこそ。/.test(answer.body)], [200, true])
    await form.enter({ address: 'b@example.jp' })
    assert.deepEqual(await Promise.all(['a@example.jp', 'b@example.jp'].map(form.tenant.wouldMail)), [
      true,
      false,
    ])
    const { database } = installation().capabilities
    const { via, attributes } = await findSubscriber(database, form.service, 'a@example.jp')
    assert.deepEqual([via, attributes], ['form', { name: 'A. Reader', offers: true }])
  })

  it('leads on to where the form says, which the policy of the pages before it allows and nothing else', async () => {
    const redirectUrl = 'https://www.example.com/thanks?a=1'
    const form = await begin({ redirectUrl, doubleOptIn: false })
    assert.match(policyOf(await form.open()), /form-action 'self' https:\/\/www\.example\.com;/)
    const answer = await form.enter({ address: 'a@example.jp' })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, redirectUrl])
    const asking = await begin({ redirectUrl })
    const sent = await asking.enter({ address: 'c@example.jp' })
    assert.deepEqual([sent.status, sent.headers.get('location')], [200, null])
    const { link } = await asking.lastMail()
    assert.match(
      policyOf(await visit(installation(), link)),
      /form-action 'self' https:\/\/www\.example\.com;/,
    )
    const joined = await visit(installation(), link, { accept: 'text/html' }, 'POST')
    assert.deepEqual([joined.status, joined.headers.get('location')], [303, redirectUrl])
    assert.equal((await visit(installation(), link, { accept: 'text/plain' }, 'POST')).status, 200)
  })

  it('says what is wrong beside it, and keeps everything that was entered', async () => {
    const form = await begin()
    const entered = { address: '"><b>nobody', name: '', offers: 'yes', consent: '' }
    const { status, body } = await form.enter(entered, { 'accept-language': 'en' })
    assert.equal(status, 422)
    assert.match(body, /<p class="mistake" role="alert">You are not registered yet/)
    assert.match(body, /aria-invalid="true" aria-describedby="kaijo-0-mistake" type="email"/)
    assert.match(body, /value="&quot;&gt;&lt;b&gt;nobody"/)
    assert.match(body, /id="kaijo-1-mistake">Please fill this in\./)
    assert.match(body, /name="attributes\.offers" type="checkbox" value="yes" checked/)
    assert.match(body, /id="kaijo-3-mistake">Please tick this/)
    assert.doesNotMatch(body, /<b>|<a /)

    const long = { name: 'お'.repeat(200) }
    const several = Array.from({ length: 8 }, (_, index) => ({
      ...({ attribute: `note${index}`, type: 'text', label: { ja: 'x', en: 'x' } } as const),
    }))
    const wide = await begin({ fields: [...REQUEST.fields, ...several] })
    const notes = Object.fromEntries(several.map(({ attribute }) => [attribute, long.name]))
    const tooMuch = await wide.enter({ address: 'a@example.jp', ...long, ...notes })
    assert.deepEqual([tooMuch.status, /too much text/.test(tooMuch.body)], [422, true])
    assert.ok(tooMuch.body.includes(long.name))
  })

  it('writes its own words into the mail as they are, whatever they hold', async () => {
    const mailSubject = `=?utf-8?q?x?= {{confirm_url}} \u202e${'長'.repeat(100)}`
    const mailText = '<b>x</b> {{confirm_url}}\n.\nFrom: x@example.com\nשלום'
    const texts = { ja: { title: 'x', mailSubject, mailText } }
    const form = await begin({ texts, fields: [] })
    await form.enter({ address: 'hostile@example.jp' })
    const { head, text } = await form.lastMail()
    assert.deepEqual(
      head.split(/\r?\n/).filter((line) => line.length > 78),
      [],
    )
    assert.equal(head.match(/^(?:From|To|Subject):/gm)?.length, 3)
    const words = /^Subject: (.*(?:\r?\n .*)*)/m.exec(head)?.[1]?.split(/\s+/) ?? []
    const said = words.map((word) => Buffer.from(word.slice('=?UTF-8?B?'.length, -2), 'base64').toString())
    assert.equal(said.join(''), mailSubject)
    assert.ok(text.replaceAll('\r\n', '\n').startsWith(`${mailText}\n`))
  })

  it('speaks the language that is asked for, among those that the form has', async () => {
    const form = await begin()
    const languageOf = async (headers: Record<string, string>, query = '') =>
      /<html lang="(\w+)">/.exec((await form.open(headers, query)).body)?.[1]
    assert.equal(await languageOf({ 'accept-language': 'ja,en;q=0.5' }), 'ja')
    assert.equal(await languageOf({ 'accept-language': 'fr' }), 'en')
    assert.equal(await languageOf({ 'accept-language': 'ja' }, '?lang=en'), 'en')
    const { body } = await form.open({ 'accept-language': 'ja' })
    assert.ok(body.includes(`<a href="${form.path}?lang=en" lang="en" hreflang="en">English</a>`))
    const { ja } = REQUEST.texts
    const japanese = await begin({ texts: { ja } })
    const page = await japanese.open({ 'accept-language': 'en' })
    assert.match(page.body, /<html lang="ja">/)
    assert.doesNotMatch(page.body, /<a /)
  })

  it('looks as its service wants, and so does the page that confirms', async () => {
    const form = await begin()
    const { database } = installation().capabilities
    await updateService(database, form.service.id, { page: { name: 'Acme & Co', accent: '#7b1fa2' } })
    const pages = [await form.open(), await form.enter({ address: 'nobody' })]
    pages.push(await form.enter({ address: 'a@example.jp' }))
    pages.push(await visit(installation(), (await form.lastMail()).link))
    for (const { body } of pages) {
      assert.match(body, /<header>Acme &amp; Co<\/header>/)
      assert.match(body, /#7b1fa2/)
    }
  })

  it('is shown in the frames of the sites that it names, and of no other', async () => {
    const form = await begin({ embedOrigins: ['https://a.example', 'https://b.example:8443'] })
    assert.match(
      policyOf(await form.open()),
      /frame-ancestors https:\/\/a\.example https:\/\/b\.example:8443$/,
    )
    const answer = await form.enter({ address: 'a@example.jp' })
    assert.match(policyOf(answer), /frame-ancestors https:\/\/a\.example /)
    assert.match(policyOf(await (await begin()).open()), /frame-ancestors 'none'$/)
  })

  it('is closed while it is not active, and gone when it is deleted, but who was asked may still confirm', async () => {
    const form = await begin({ redirectUrl: 'https://www.example.com/' })
    await form.enter({ address: 'late@example.jp' })
    const { link } = await form.lastMail()
    const { database } = installation().capabilities
    await updateForm(database, form.service, form.id, { active: false, now: 1 })
    for (const closed of [await form.open(), await form.enter({ address: 'b@example.jp' })]) {
      assert.deepEqual([closed.status, /This form is closed/.test(closed.body)], [410, true])
    }
    await deleteForm(database, form.service.id, form.id)
    for (const gone of [await form.open(), await form.enter({ address: 'b@example.jp' })]) {
      assert.deepEqual([gone.status, /There is no such form/.test(gone.body)], [404, true])
    }
    assert.equal((await visit(installation(), link, { accept: 'text/html' }, 'POST')).status, 200)
    const { membership } = await findSubscriber(database, form.service, 'late@example.jp')
    assert.equal(membership, 'joined')
    await assert.rejects(findSubscriber(database, form.service, 'b@example.jp'))
  })
})

function policyOf({ headers }: { headers: Headers }): string {
  return headers.get('content-security-policy') ?? ''
}
