import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { decodeHeaderText } from '../../../src/mail/header-text.ts'
import { findSubscriber } from '../../../src/subscribers/search.ts'
import { mintConfirmation } from '../../../src/tokens/confirmation.ts'
import { forEachEngine } from '../../support/engines.ts'
import { textOfMail } from '../../support/mail-text.ts'
import { addSender, bring, DOMAIN, sharedIncoming } from './incoming.ts'

const JA = 'text/html'

forEachEngine(({ name: engine }) => {
  const incoming = sharedIncoming(engine, { KAIJO_SERVICES: 'http,inbound,worker' })

  it('asks by mail who cannot prove their address, and joins them by the button, not by opening the page', async () => {
    const sender = await begin()
    await sender.stop('sender:news@example.com', 'taro@nowhere.invalid')
    assert.match(await sender.signUp('taro@nowhere.invalid'), /^250 2\.0\.0 taken \(asked\)/)
    const { link, text, head } = await sender.lastMail()
    assert.match(head, /^Auto-Submitted: auto-replied$/m)
    assert.match(head, /^From: news@example\.com$/m)
    assert.match(text, /news@example\.com からのメール配信のお申し込み/)

    const page = await visit(link, { 'accept-language': 'ja' })
    assert.equal(page.status, 200)
    assert.match(
      page.body,
      /<html lang="ja">[\s\S]*t\*+@nowhere\.invalid[\s\S]*<form method="post"[\s\S]*登録する/,
    )
    assert.doesNotMatch(page.body, /<script/)
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.equal(await sender.excluded('taro@nowhere.invalid'), 'sender:news@example.com: listed')
    assert.equal(await membership(sender, 'taro@nowhere.invalid'), undefined)

    for (const _ of ['pressed', 'pressed again']) {
      const pressed = await visit(link, { accept: JA }, 'POST')
      assert.deepEqual([pressed.status, /You are registered/.test(pressed.body)], [200, true])
      assert.equal(await sender.excluded('taro@nowhere.invalid'), undefined)
      assert.deepEqual(await membership(sender, 'taro@nowhere.invalid'), ['joined', 'blank-mail'])
    }
  })

  it('asks an address once a day, whatever comes in its name', async () => {
    const sender = await begin()
    assert.match(await sender.signUp('often@nowhere.invalid'), /\(asked\)/)
    const repeats = await Promise.all(
      ['often@nowhere.invalid', 'OFTEN@nowhere.invalid'].map((from) => sender.signUp(from)),
    )
    for (const reply of repeats) assert.match(reply, /\(nothing\)/)
    incoming().installation.time.now += DAY_MS
    assert.match(await sender.signUp('often@nowhere.invalid'), /\(asked\)/)
    assert.equal(await sender.mailsTo('often@nowhere.invalid', 2), 2)
  })

  it('is held back by bounces, complaints and the blocklist, not by an opt-out', async () => {
    const sender = await begin()
    for (const list of ['hard-bounces', 'complaints', 'blocklist']) {
      await sender.stop(list, `${list}@nowhere.invalid`)
      assert.match(await sender.signUp(`${list}@nowhere.invalid`), /\(nothing\)/)
    }
    const outcomes = (await sender.kept()).map(({ detail }) => detail['what'])
    assert.deepEqual(outcomes, ['excluded', 'excluded', 'excluded'])
  })

  it('answers no program, no list, no null sender, none of our own addresses, and none that no mail can name', async () => {
    const sender = await begin({ allowedDomains: ['shop.example'] })
    const joining = `join-${sender.service.id}@${DOMAIN}`
    const replies = [
      await sender.signUp('a@nowhere.invalid', 'Auto-Submitted: auto-generated\n'),
      await sender.signUp('b@nowhere.invalid', 'List-Id: <talk.nowhere.invalid>\n'),
      await sender.signUp(joining),
      await sender.signUp('desk@shop.example'),
      await sender.signUp('news@example.com'),
      await bring(incoming(), joining, 'From: 太郎@nowhere.invalid\n\n', { from: 'a@nowhere.invalid' }),
    ]
    for (const reply of replies) assert.match(reply, /\(nothing\)/)
    const bounced = await bring(incoming(), joining, 'From: c@nowhere.invalid\n\n', { from: '' })
    assert.match(bounced, /^550 5\.7\.1/)
    const outcomes = (await sender.kept()).map(({ detail }) => detail['what']).reverse()
    assert.deepEqual(outcomes, [
      ...['automatic', 'automatic'],
      ...['own-address', 'own-address', 'own-address'],
      'unmailable',
    ])
  })

  it('asks in the name that the service has for it, from one of its addresses, and from no other', async () => {
    const settings = { confirmationFrom: 'desk@shop.example', confirmationName: '登録デスク' }
    const sender = await begin({ allowedDomains: ['shop.example'], settings })
    assert.match(await sender.signUp('named@nowhere.invalid'), /\(asked\)/)
    const { head, text } = await sender.lastMail()
    assert.match(decodeHeaderText(head), /^From: 登録デスク <desk@shop\.example>$/m)
    assert.match(text, /desk@shop\.example からのメール配信/)

    const foreign = await begin({ settings: { confirmationFrom: 'desk@elsewhere.example' } })
    assert.match(await foreign.signUp('named@nowhere.invalid'), /\(not-understood\)/)
    const [kept] = await foreign.kept()
    assert.equal(kept?.detail['why'], 'no-sender-to-ask-from')
  })

  it('asks no more addresses in an hour, or in a day, than the service allows, however many come at once', async () => {
    const sender = await begin({ settings: { confirmationsPerHour: 3, confirmationsPerDay: 5 } })
    const { time } = incoming().installation
    const ask = async (count: number, name: string) => {
      const replies = await Promise.all(
        Array.from({ length: count }, (_, i) => sender.signUp(`${name}${i}@nowhere.invalid`)),
      )
      const later = replies.filter((reply) => reply.startsWith('451 4.3.0'))
      assert.equal(later.length + replies.filter((reply) => /\(asked\)/.test(reply)).length, count)
      return count - later.length
    }
    assert.equal(await ask(8, 'first'), 3)
    assert.equal(await ask(2, 'second'), 0)
    time.now += DAY_MS / 24
    assert.equal(await ask(8, 'third'), 2)
    time.now += DAY_MS / 24
    assert.equal(await ask(2, 'fourth'), 0)
    time.now += DAY_MS
    assert.equal(await ask(1, 'fourth'), 1)
    const other = await begin({ settings: { confirmationsPerHour: null, confirmationsPerDay: null } })
    for (let i = 0; i < 4; i++) assert.match(await other.signUp(`other${i}@nowhere.invalid`), /\(asked\)/)
  })

  it('tells plainly that a link is not ours, was altered or has expired', async () => {
    const sender = await begin()
    await sender.signUp('late@nowhere.invalid')
    const { link } = await sender.lastMail()
    const altered = `${link.slice(0, -5)}AAAAA`
    const [listLink = ''] = sender.linkOf('late@nowhere.invalid').split('/-').slice(-1)
    for (const other of [
      altered,
      link.replace(/join\/.*/, 'join/'),
      link.replace(/join\/.*/, `join/${listLink}`),
    ]) {
      assert.equal((await visit(other, {}, 'POST')).status, 404)
    }
    assert.equal((await visit(link, {}, 'PUT')).status, 405)
    assert.equal((await visit(`${link}?utm_source=x`)).status, 200)
    incoming().installation.time.now += 7 * DAY_MS
    for (const method of ['GET', 'POST']) {
      const answer = await visit(link, {}, method)
      assert.deepEqual([answer.status, /This link has expired/.test(answer.body)], [410, true])
    }
    assert.equal(await membership(sender, 'late@nowhere.invalid'), undefined)
  })

  it('carries what a form was told, as far as a link can', async () => {
    const sender = await begin()
    const { capabilities } = incoming().installation
    const recipient = {
      address: 'form@nowhere.invalid',
      key: 'form@nowhere.invalid',
      domain: 'nowhere.invalid',
    }
    const asking = { service: sender.service, recipient, via: 'form', language: 'en' } as const
    const data = { userIds: ['u-1'], attributes: { name: '山田太郎' } }
    assert.equal(await capabilities.askToConfirm({ ...asking, data }), 'asked')
    const { link, text } = await sender.lastMail()
    assert.match(text, /Somebody asked for mail from news@example\.com/)
    assert.equal((await visit(link, {}, 'POST')).status, 200)
    const { database } = capabilities
    const { via, attributes, userIds } = await findSubscriber(database, sender.service, recipient.address)
    assert.deepEqual({ via, attributes, userIds }, { via: 'form', ...data })
    const tooMuch = { attributes: { note: 'x'.repeat(2_000) } }
    await assert.rejects(capabilities.askToConfirm({ ...asking, data: tooMuch }), { code: 'invalid-value' })
  })

  it('joins nobody to a service that is not there', async () => {
    const { keyring } = incoming().installation.capabilities
    const token = mintConfirmation(keyring, {
      ...{ serviceId: 999_999, recipient: 'x@nowhere.invalid', from: 'news@example.com', via: 'form' },
      ...{ askedAt: incoming().installation.time.now, data: {} },
    })
    assert.equal((await visit(`https://u.example.com/-/join/${token}`, {}, 'POST')).status, 404)
  })

  async function begin(given: Parameters<typeof addSender>[1] = {}) {
    const sender = await addSender(incoming(), given)
    const { sink } = incoming()
    const before = sink.messages.length
    const joining = `join-${sender.service.id}@${DOMAIN}`
    return {
      ...sender,
      signUp: (from: string, fields = '') =>
        bring(incoming(), joining, `From: <${from}>\nTo: ${joining}\n${fields}Subject: \n\n`, { from }),
      lastMail: async () => {
        const raw = (await sink.waitFor(before + 1)).at(-1)?.raw ?? Buffer.alloc(0)
        const { head, text } = textOfMail(raw)
        const [link = ''] = /https:\/\/u\.example\.com\/-\/join\/[\w-]+/.exec(text) ?? []
        return { head, text, link }
      },
      mailsTo: async (address: string, least: number) => {
        await sink.waitFor(before + least)
        return sink.messages.slice(before).filter(({ to }) => to.includes(address)).length
      },
    }
  }

  async function membership(sender: Awaited<ReturnType<typeof begin>>, address: string) {
    const { database } = incoming().installation.capabilities
    const found = await findSubscriber(database, sender.service, address).catch(() => undefined)
    return found && [found.membership, found.via]
  }

  async function visit(link: string, headers: Record<string, string> = {}, method = 'GET') {
    const response = await fetch(link.replace('https://u.example.com', incoming().installation.url), {
      ...{ method, headers, redirect: 'manual' },
    })
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
})
