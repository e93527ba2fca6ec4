import assert from 'node:assert/strict'
import { it } from 'node:test'
import { findSubscriber } from '../../../src/subscribers/search.ts'
import type { FormRequest } from '../../../src/tenants/form-rules.ts'
import { updateService } from '../../../src/tenants/service.ts'
import { forEachEngine } from '../../support/engines.ts'
import { publicForm, sharedAsking, type TenantRequest, visit } from './public-form.ts'
import { openRaw } from './raw-http.ts'

forEachEngine(({ name: engine }) => {
  const asking = sharedAsking(engine)
  const installation = () => asking().installation
  const begin = (change?: Partial<FormRequest>, given?: TenantRequest) => publicForm(asking(), change, given)
  const mailsTo = (address: string) => asking().sink.messages.filter(({ to }) => to.includes(address)).length

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
    assert.equal(mailsTo(blocked), 0)
    assert.equal(mailsTo('new@example.jp'), 1)
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

  it('takes no forged or altered link', async () => {
    const form = await begin()
    await form.enter({ address: 'a@example.jp' })
    const { link } = await form.lastMail()
    for (const other of [`${link.slice(0, -5)}AAAAA`, link.replace(/join\/.*/, `join/${form.id}`)]) {
      assert.equal((await visit(installation(), other, {}, 'POST')).status, 404)
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
})
