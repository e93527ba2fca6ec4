import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createForm, deleteForm, updateForm } from '../../../src/subscribers/forms/form.ts'
import { findSubscriber } from '../../../src/subscribers/search.ts'
import { readTimeline } from '../../../src/suppression/timeline.ts'
import type { FormRequest } from '../../../src/tenants/form-rules.ts'
import { findLists } from '../../../src/tenants/list.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, sharedInstallation } from '../../support/installation.ts'
import { textOfMail } from '../../support/mail-text.ts'
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts'
import { openRaw } from './raw-http.ts'

const PUBLIC = 'https://u.example.com'

const REQUEST = {
  name: 'newsletter',
  texts: {
    ja: { title: 'メルマガ登録', lead: '毎週\nお届けします。', consent: '同意する', done: 'ようこそ。' },
    en: { title: 'Newsletter', consent: 'I agree', done: 'Welcome.', mailSubject: 'Almost {{there}}' },
  },
  fields: [
    { attribute: 'name', type: 'text', label: { ja: 'お名前', en: 'Name' }, required: true },
    { attribute: 'offers', type: 'checkbox', label: { ja: '特典', en: 'Offers' } },
  ],
} satisfies FormRequest

forEachEngine(({ name: engine }) => {
  let sink: SmtpSink
  const installation = sharedInstallation(engine, async (t) => {
    sink = await startSmtpSink()
    t.after(() => sink.close())
    const env = {
      KAIJO_RELAY_URL: sink.url,
      KAIJO_PUBLIC_URL: PUBLIC,
      KAIJO_INBOUND_DOMAIN: 'in.example.com',
      KAIJO_TRUSTED_PROXIES: '127.0.0.1',
    }
    return { serves: 'http,worker', env }
  })
  let clients = 0

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

    assert.equal((await visit(link)).status, 200)
    assert.equal(await form.tenant.wouldMail('taro@example.jp'), false)
    const joined = await visit(link, {}, 'POST')
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
      events.slice(0, 2).map(({ kind, source, evidence }) => [kind, source, evidence?.method]),
      [
        ['remove', 'form', 'POST'],
        ['remove', 'form', 'POST'],
      ],
    )
    // Pressed once more it changes nothing.
    assert.equal((await visit(link, {}, 'POST')).status, 200)
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
    assert.match(policyOf(await visit(link)), /form-action 'self' https:\/\/www\.example\.com;/)
    const joined = await visit(link, { accept: 'text/html' }, 'POST')
    assert.deepEqual([joined.status, joined.headers.get('location')], [303, redirectUrl])
    assert.equal((await visit(link, { accept: 'text/plain' }, 'POST')).status, 200)
  })

  it('tells nobody whether an address is known, excluded or was asked before', async () => {
    const form = await begin()
    const { capabilities } = installation()
    const [known, blocked] = ['known@example.jp', 'blocked@example.jp']
    const recipient = { address: known, key: known }
    await capabilities.join({ service: form.service, recipient, via: 'api' })
    await form.tenant.stop('blocklist', blocked)
    const answers: { status: number; body: string }[] = []
    for (const address of ['new@example.jp', known, blocked, 'new@example.jp']) {
      const { status, body } = await form.enter({ address })
      answers.push({ status, body: body.replaceAll(address, 'ADDRESS') })
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    await form.lastMail(2)
    assert.equal(await mailsTo(blocked), 0)
    assert.equal(await mailsTo('new@example.jp'), 1)
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

  it('asks colleagues too, but none of its own addresses and none that no mail can name', async () => {
    const form = await begin({}, { allowedDomains: ['shop.example'] })
    assert.equal((await form.enter({ address: 'desk@shop.example' })).status, 200)
    assert.equal((await form.lastMail()).to, 'desk@shop.example')
    for (const address of ['news@example.com', 'x@in.example.com', '太郎@example.jp']) {
      const { status, body } = await form.enter({ address })
      assert.deepEqual([status, /id="kaijo-0-mistake"/.test(body)], [422, true], address)
    }
  })

  it('does nothing for a program that fills in what people do not see, and answers as ever', async () => {
    const form = await begin({ doubleOptIn: false })
    await form.tenant.stop('sender:news@example.com', 'a@example.jp')
    const answer = await form.enter({ address: 'a@example.jp', website: 'https://spam.example' })
    assert.deepEqual([answer.status, /Welcome\./.test(answer.body)], [200, true])
    assert.equal(await form.tenant.wouldMail('a@example.jp'), false)
  })

  it('takes whatever is entered as text: markup, control characters, halves of characters, and much of it', async () => {
    const form = await begin({ doubleOptIn: false })
    const { database } = installation().capabilities
    const send = async (body: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const url = `${installation().url}${form.path}`
      const response = await fetch(url, { method: 'POST', headers, body })
      return { status: response.status, body: await response.text() }
    }
    const markup = encodeURIComponent('"><script>alert(1)</script>\u202e')
    const hostile = `${markup}%00%1B%ED%A0%80%0D%0Ax`
    const again = await send(`address=a%00b&consent=yes&attributes.name=${hostile}`)
    assert.equal(again.status, 422)
    assert.doesNotMatch(again.body, /<script|[\u0000\u001b]/)
    assert.match(again.body, /value="&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;\u202e ��� x"/)
    assert.equal((await send(`address=h%40example.jp&consent=yes&attributes.name=${hostile}`)).status, 200)
    const { attributes } = await findSubscriber(database, form.service, 'h@example.jp')
    assert.equal(attributes['name'], '"><script>alert(1)</script>\u202e ��� x')

    const trapped = await send(`website=x&address=${markup}%00${'y'.repeat(50_000)}`)
    assert.equal(trapped.status, 200)
    assert.ok(trapped.body.length < 10_000 && !trapped.body.includes('<script'))
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

  it('bounds what one client registers, whoever it says it is, and tells the others nothing of it', async () => {
    const form = await begin({ doubleOptIn: false })
    const enter = (client: string, index: number) =>
      form.enter({ address: `a${index}@example.jp` }, { 'x-forwarded-for': `203.0.113.9, ${client}` })
    const statuses = []
    for (let index = 0; index < 32; index++) statuses.push((await enter('198.51.100.7', index)).status)
    assert.deepEqual(statuses, [...Array(30).fill(200), 429, 429])
    const { body, headers } = await enter('198.51.100.7', 99)
    assert.deepEqual([headers.get('retry-after'), /value="a99@example\.jp"/.test(body)], ['3600', true])
    assert.equal((await enter('198.51.100.8', 100)).status, 200)
  })

  it('asks no more people to confirm than the service lets it, and tells the rest to come again', async () => {
    const form = await begin()
    const { database } = installation().capabilities
    await updateService(database, form.service.id, { settings: { confirmationsPerHour: 1 } })
    assert.equal((await form.enter({ address: 'a@example.jp' })).status, 200)
    const { status, body } = await form.enter({ address: 'b@example.jp' })
    assert.deepEqual([status, /Too many people register/.test(body)], [429, true])
    assert.match(body, /value="b@example\.jp"/)
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
    pages.push(await visit((await form.lastMail()).link))
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
    assert.equal((await visit(link, { accept: 'text/html' }, 'POST')).status, 200)
    const { membership } = await findSubscriber(database, form.service, 'late@example.jp')
    assert.equal(membership, 'joined')
    await assert.rejects(findSubscriber(database, form.service, 'b@example.jp'))
  })

  it('takes no forged or altered link', async () => {
    const form = await begin()
    await form.enter({ address: 'a@example.jp' })
    const { link } = await form.lastMail()
    for (const other of [`${link.slice(0, -5)}AAAAA`, link.replace(/join\/.*/, `join/${form.id}`)]) {
      assert.equal((await visit(other, {}, 'POST')).status, 404)
    }
    await assert.rejects(findSubscriber(installation().capabilities.database, form.service, 'a@example.jp'))
  })

  it('answers whatever else comes: other methods, other types, too much, and what breaks off', async () => {
    const form = await begin({ doubleOptIn: false })
    const url = `${installation().url}${form.path}`
    const put = await fetch(url, { method: 'PUT', body: 'x' })
    assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD, POST'])
    const json = { 'content-type': 'application/json' }
    const other = await fetch(url, { method: 'POST', headers: json, body: '{"address":"a@example.jp"}' })
    assert.deepEqual([other.status, other.headers.get('connection')], [400, 'close'])
    const huge = await form.enter({ address: 'a@example.jp', name: 'x'.repeat(200_000) })
    assert.equal(huge.status, 400)
    for (const path of ['', 'x', `${form.id}/more`, `${form.id.slice(1)}`, '%00']) {
      assert.equal((await fetch(`${installation().url}/-/form/${path}`)).status, 404, path)
    }
    const head = await fetch(url, { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [200, ''])

    const broken = await openRaw(installation().url)
    const type = 'Content-Type: application/x-www-form-urlencoded'
    broken.write(`POST ${form.path} HTTP/1.1\r\nHost: x\r\n${type}\r\nContent-Length: 99\r\n\r\naddress=a`)
    broken.destroy()
    const mangled = 'address=%FF%00%ED%A0%80%40example.jp&attributes.name=%ZZ%00&consent=yes'
    const bytes = await fetch(url, { method: 'POST', body: new URLSearchParams(mangled) })
    assert.equal(bytes.status, 422)
    assert.equal((await form.open()).status, 200)
  })

  async function begin(change: Partial<FormRequest> = {}, given: Parameters<typeof addTenant>[1] = {}) {
    const tenant = await addTenant(installation(), given)
    const { service } = tenant
    const { database } = installation().capabilities
    const { id } = await createForm(database, service, { ...REQUEST, ...change, now: 0 })
    const path = `/-/form/${id}`
    const before = sink.messages.length
    clients += 1
    const client = { 'x-forwarded-for': `192.0.2.${clients}` }
    return {
      ...{ tenant, service, id, path },
      open: (headers: Record<string, string> = {}, query = '') => visit(`${PUBLIC}${path}${query}`, headers),
      /** What is not said of attributes is filled in. */
      enter: (entered: Record<string, string>, headers: Record<string, string> = {}) => {
        const {
          address = '',
          consent = 'yes',
          website = '',
          ...attributes
        } = { name: 'A. Reader', ...entered }
        const fields = new URLSearchParams({ address, consent, website })
        for (const [name, value] of Object.entries(attributes)) fields.set(`attributes.${name}`, value)
        return visit(`${PUBLIC}${path}`, { ...client, ...headers }, 'POST', fields)
      },
      lastMail: async (count = 1) => {
        const message = (await sink.waitFor(before + count)).at(-1)
        const { head, text } = textOfMail(message?.raw ?? Buffer.alloc(0))
        const [link = ''] = /https:\/\/u\.example\.com\/-\/join\/[\w-]+/.exec(text) ?? []
        return { head, text, link, to: message?.to[0] }
      },
    }
  }

  async function visit(
    link: string,
    headers: Record<string, string> = {},
    method = 'GET',
    body?: URLSearchParams,
  ) {
    const response = await fetch(link.replace(PUBLIC, installation().url), {
      ...{ method, headers, redirect: 'manual' },
      ...(body && { body }),
    })
    return { status: response.status, headers: response.headers, body: await response.text() }
  }

  async function mailsTo(address: string): Promise<number> {
    return sink.messages.filter(({ to }) => to.includes(address)).length
  }
})

function policyOf({ headers }: { headers: Headers }): string {
  return headers.get('content-security-policy') ?? ''
}
