import assert from 'node:assert/strict'
import { toMasterKey } from '../../../src/config/master-key.ts'
import { Keyring } from '../../../src/kernel/keyring.ts'
import type { EngineName } from '../../../src/storage/database.ts'
import { createForm } from '../../../src/subscribers/forms/form.ts'
import { createLinks } from '../../../src/tokens/link.ts'
import { addApiUser, authPlain, KEY } from '../../entry/smtp/gateway.ts'
import { bounceOf } from '../../entry/smtp/incoming.ts'
import { connectRaw } from '../../entry/smtp/raw-client.ts'
import { addTenant, install } from '../../support/installation.ts'
import { textOfMail } from '../../support/mail-text.ts'
import { startSmtpSink } from '../../support/smtp-sink.ts'
import type { Lifetime } from '../../support/temp-dir.ts'

/** Who is erased, as it is typed in Japan, and as machines write it. */
export const WHOM = 'Xqtaro@例え.jp'
const SPELT = 'xqTARO@xn--r8jz45g.jp'
const NEVER_SEEN = toMasterKey(Buffer.alloc(32, 9))
const PUBLIC = 'https://u.example.com'
const INBOUND = 'in.example.com'
const FROM = 'news@example.com'

// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of every shape
type Json = any

/**
 * An installation of every service in which a person is known and named in whatever anybody can say something in, by its real
 * interfaces: `know` is what they do and are sent, and what applications hand in for others; `name` is whatever else comes about
 * others, and names them.
 */
export async function everywhere(t: Lifetime, engine: EngineName) {
  const sink = await startSmtpSink()
  t.after(() => sink.close())
  const installation = await install(t, engine, {
    serves: 'http,inbound,worker',
    env: {
      KAIJO_SERVICES: 'http,smtp,inbound,worker',
      KAIJO_PUBLIC_URL: PUBLIC,
      KAIJO_INBOUND_DOMAIN: INBOUND,
    },
    now: Date.now(),
  })
  const { capabilities, time } = installation
  const { database } = capabilities
  const tenant = await addTenant(installation)
  const { service } = tenant
  const opaque = await tenant.addSender({ address: 'opaque@example.com', takesOpaque: true })
  const user = await addApiUser(installation, service)

  const call = async (
    method: string,
    path: string,
    body?: object | string,
    type = 'text/csv',
  ): Promise<Json> => {
    const isJson = typeof body === 'object'
    const response = await fetch(
      `${installation.url}/api/v1${path.replace(':service', String(service.id))}`,
      {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${user}:${KEY}`).toString('base64')}`,
          ...(body !== undefined && { 'content-type': isJson ? 'application/json' : type }),
        },
        ...(body !== undefined && { body: isJson ? JSON.stringify(body) : body }),
      },
    )
    const text = await response.text()
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
    return text.startsWith('{') ? JSON.parse(text) : text
  }
  /** A public request, of a program that says who it is for. */
  const post = async (url: string, body: string | URLSearchParams = 'List-Unsubscribe=One-Click') => {
    const headers = { 'user-agent': `Proxy (for <${SPELT}>)` }
    const response = await fetch(url.replace(PUBLIC, installation.url), { method: 'POST', headers, body })
    assert.equal(response.status, 200, url)
  }
  const imported = async (query: string, file: string) => {
    const { id } = await call('POST', `/services/:service/imports?${query}`, file)
    for (;;) {
      const { state } = await call('GET', `/services/:service/imports/${id}`)
      assert.notEqual(state, 'failed')
      if (state === 'done') return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const settled = async () => {
    const open = database.query.selectFrom('message').select('id').where('state', 'in', ['queued', 'sending'])
    const due = open.where('due_at', '<', time.now + 60_000)
    while ((await database.read(due)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const deliver = (to: string[], more: object = {}) =>
    call('POST', '/services/:service/deliveries', {
      ...{ from: FROM, subject: 'News', text: 'Hello', recipients: to.map((one) => ({ to: one })), ...more },
    })
  const gateway = async (to: string, mail: string) => {
    const client = await connectRaw(installation.smtp)
    await client.say('EHLO client.example.com')
    await client.say(authPlain(user))
    await client.say('MAIL FROM:<bounces+xqtaro=xn--r8jz45g.jp@example.com>')
    await client.say(`RCPT TO:<${to}>`)
    await client.say('DATA')
    client.write(mail.replaceAll('\n', '\r\n'))
    assert.match(await client.say('\r\n.'), /^250/)
    client.destroy()
  }
  const incoming = async (to: string, mail: string, from = '') => {
    const client = await connectRaw(installation.inbound)
    await client.say('EHLO mx.example.net')
    await client.say(`MAIL FROM:<${from}>`)
    assert.match(await client.say(`RCPT TO:<${to}>`), /^250/)
    await client.say('DATA')
    client.write(mail.replaceAll('\n', '\r\n'))
    assert.match(await client.say('\r\n.'), /^250/)
    client.destroy()
  }

  const form = await createForm(database, service, { ...FORM, now: 0 })
  const open = await createForm(database, service, { ...FORM, name: 'open', doubleOptIn: false, now: 0 })
  /** By the form, and by the link that it mails. */
  const register = async (address: string) => {
    const before = sink.messages.length
    await post(`${PUBLIC}/-/form/${form.id}?lang=en`, new URLSearchParams({ address, consent: 'yes' }))
    const mail = (await sink.waitFor(before + 1)).at(-1)
    const link = /https:\/\/u\.example\.com\/-\/join\/[\w-]+/.exec(
      textOfMail(mail?.raw ?? Buffer.alloc(0)).text,
    )
    await post(link?.[0] ?? '', '')
    time.now += 1_000
    await post(`${PUBLIC}/-/form/${open.id}?lang=en`, new URLSearchParams({ address, consent: 'yes' }))
  }

  const know = async () => {
    const sets = { substitutions: { friend: `of ${WHOM}` } }
    await deliver([WHOM, 'b@example.jp', `no address ${SPELT}`], {
      ...{ subject: `For ${WHOM}`, requestId: `request of ${SPELT}`, text: `Dear ${WHOM}, {{friend}}` },
      recipients: [
        { to: WHOM, ...sets, unsubscribeUrl: 'https://example.com/stop' },
        {
          to: 'b@example.jp',
          ...sets,
          unsubscribeUrl: `https://example.com/stop?from=${encodeURIComponent(WHOM)}`,
        },
        { to: `no address <${SPELT}> x`, ...sets },
      ],
    })
    await deliver([WHOM], { cc: ['cc@example.jp'] })
    await deliver(['c@example.jp'], { text: `Questions to ${SPELT}` })
    await gateway(
      'd@example.jp',
      `From: ${FROM}\nTo: d@example.jp\nMessage-ID: <1/xqtaro%40xn--r8jz45g.jp/2@client.example>\nX-Kaijo-Delivery: of ${SPELT}\nSubject: x\nContent-Transfer-Encoding: quoted-printable\n\nWrite to xqtaro=40xn--r8=\njz45g.jp now`,
    )
    const base64 = Buffer.from(`Write to ${SPELT} now`).toString('base64')
    await gateway(
      'e@example.jp',
      `From: ${FROM}\nTo: e@example.jp\nSubject: x\nContent-Transfer-Encoding: base64\n\n${base64}`,
    )
    await settled()
    // Until here mail is kept, for lack of one.
    await call('PUT', '/services/:service/relay', { url: sink.url })
    await register(WHOM)
    await deliver([WHOM])
    await settled()
    const { from = '', raw = Buffer.alloc(0) } = sink.messages.at(-1) ?? {}
    await incoming(
      from,
      bounceOf({ to: SPELT, raw: raw.toString('latin1') }, { code: `smtp; 550 <${SPELT}> unknown` }),
    )
    await post(tenant.linkOf(WHOM))
    await call('POST', '/services/:service/suppressions', { list: 'blocklist', addresses: [SPELT] })
    await call('POST', '/services/:service/error-counts', { counts: [{ address: WHOM, count: 1 }] })
    await call('POST', '/services/:service/subscribers', {
      address: WHOM,
      userIds: ['u1'],
      attributes: { a: WHOM },
    })
    await imported(`list=complaints&action=add&dryRun=true`, `email\n${WHOM}\n`)
    await imported(`list=complaints&action=add`, `email\n${WHOM}\n`)
  }

  let turns = 0
  const name = async () => {
    turns++
    time.now += 1_000
    const other = (what: string) => `${what}-${turns}@example.jp`
    await post(tenant.linkOf(other('clicked')), `List-Unsubscribe=One-Click&for=${encodeURIComponent(SPELT)}`)
    await post(`${PUBLIC}/${opaque.classId}/of=${encodeURIComponent(SPELT)}&turn=${turns}`)
    await post(`${PUBLIC}/${opaque.classId}/turn=${turns}`)
    const strange = createLinks({ keyring: new Keyring([NEVER_SEEN]), publicUrl: PUBLIC })
    await post(strange.make(tenant.list, { recipient: other('strange'), mintedAt: turns, message: null }).url)
    await imported(
      `list=hard-bounces&action=add&name=${encodeURIComponent(`解除${WHOM}_${turns}.csv`)}`,
      [
        'status,reason,email,created',
        `5.1.1,550 5.1.1 moved to '${SPELT}',${other('moved')},1790000000`,
        `5.1.1,550 5.1.1 moved,no address of ${SPELT},1790000000`,
      ].join('\n'),
    )
    const kept = ['address,reason,since,requestedAt,state,list,messageId']
    for (const [state, day] of [
      ['excluded', 1],
      ['excluded', 2],
    ]) {
      const at = `2026-0${turns}-0${day}T00:00:00Z`
      const row = `${other('before')},blocked,${at},${at},${state},blocklist,${day}/xqtaro=xn--r8jz45g.jp@mailer.example`
      await imported('list=blocklist&action=add', [...kept, row].join('\n'))
      await call('POST', '/services/:service/suppressions/resume', {
        ...{ list: 'blocklist', addresses: [other('before')] },
      })
      time.now += 1_000
    }
    const says = { attributes: { [`friend ${WHOM}`]: `is <${SPELT}>` }, userIds: [SPELT, `id-${turns}`] }
    await call('POST', '/services/:service/subscribers', { address: other('friend'), ...says })
    await call('POST', '/services/:service/subscribers/edit', { address: other('friend'), ...says })
    await call(
      'POST',
      '/services/:service/subscribers/import',
      `email,user_id,friend\n${other('listed')},${WHOM},of ${SPELT}\n`,
    )
    await register(other('agreed'))
    const letter = `From: x@example.jp\nSubject: turn ${turns}\n\nAsk ${WHOM} about it.\n`
    await incoming(`unsub@${INBOUND}`, letter, SPELT)
    const handedIn = `/services/:service/inbound?recipient=${encodeURIComponent(SPELT)}`
    await call('POST', handedIn, letter, 'message/rfc822')
    sink.setReply((stage) =>
      stage === 'rcpt' ? { code: 550, text: `5.1.1 User unknown; try <${SPELT}>` } : undefined,
    )
    await deliver([other('refused')])
    await settled()
    sink.setReply(() => undefined)
  }

  return { installation, tenant, call, know, name }
}

const FORM = {
  name: 'newsletter',
  texts: { en: { title: 'Newsletter', consent: 'I agree' } },
  fields: [],
}
