import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY_MS } from '../../../src/kernel/clock.ts'
import { changeMany } from '../../../src/suppression/changing/change-many.ts'
import { resolveList } from '../../../src/tenants/list.ts'
import { settled, someDelivery } from '../../delivery/some-delivery.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addSender, bounceOf, bring, complaintOf, DOMAIN, sharedIncoming } from './incoming.ts'
import { connectRaw } from './raw-client.ts'

forEachEngine(({ name: engine }) => {
  const incoming = sharedIncoming(engine)

  it('puts exactly the recipient whose mail bounced for good on hard-bounces, and keeps the mail', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('gone@example.jp')
    assert.match(mail.returnPath, /^b-[a-z2-7]+@in\.example\.com$/)
    assert.match(await bring(incoming(), mail.returnPath, bounceOf(mail)), /^250 2\.0\.0 taken \(hard\)/)
    assert.equal(await sender.excluded('gone@example.jp'), 'hard-bounces: user-unknown')
    const [kept, ...others] = await sender.kept()
    assert.deepEqual(others, [])
    assert.deepEqual([kept?.kind, kept?.outcome, kept?.address], ['bounce', 'hard', 'gone@example.jp'])
    assert.equal(kept?.detail['status'], '5.1.1')
  })

  it('counts the same report once, also after the address was made deliverable by hand', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('gone2@example.jp')
    await bring(incoming(), mail.returnPath, bounceOf(mail))
    await resume(sender.service.id, 'gone2@example.jp')
    assert.match(await bring(incoming(), mail.returnPath, bounceOf(mail)), /^250 2\.0\.0 taken \(repeat\)/)
    assert.equal(await sender.excluded('gone2@example.jp'), undefined)
  })

  it('puts an address back that was made deliverable by hand when its next mail bounces again', async () => {
    const sender = await addSender(incoming())
    const first = await sender.mail('again@example.jp')
    await bring(incoming(), first.returnPath, bounceOf(first))
    await resume(sender.service.id, 'again@example.jp')
    const second = await sender.mail('again@example.jp')
    await bring(incoming(), second.returnPath, bounceOf(second))
    assert.equal(await sender.excluded('again@example.jp'), 'hard-bounces: user-unknown')
  })

  it('counts a passing failure, and excludes by the one that reaches the threshold', async () => {
    const sender = await addSender(incoming(), { settings: { softBounceThreshold: 2 } })
    const full = { status: '4.2.2', code: 'smtp; 452 4.2.2 mailbox full' }
    const first = await sender.mail('full@example.jp')
    assert.match(await bring(incoming(), first.returnPath, bounceOf(first, full)), /\(soft\)/)
    assert.match(await bring(incoming(), first.returnPath, bounceOf(first, full)), /\(repeat\)/)
    assert.equal(await sender.excluded('full@example.jp'), undefined)
    const second = await sender.mail('full@example.jp')
    assert.match(await bring(incoming(), second.returnPath, bounceOf(second, full)), /\(soft\)/)
    assert.equal(await sender.excluded('full@example.jp'), 'hard-bounces: error-count')
  })

  it('counts once what the relay refused and also reported', async () => {
    const sender = await addSender(incoming(), { settings: { softBounceThreshold: 2 } })
    const { installation, sink } = incoming()
    let returnPath = ''
    let raw = ''
    sink.setReply((stage, given) => {
      if (stage === 'mail') returnPath = given.address
      if (stage !== 'data') return undefined
      raw = given.raw.toString('latin1')
      return { code: 552, text: '5.2.2 Over quota' }
    })
    const { id } = await installation.capabilities.acceptDelivery(someDelivery(sender, ['twice@example.jp']))
    await settled(installation.capabilities, id, 'failed')
    sink.setReply(() => undefined)
    const messageId = /^Message-ID: <(.*)>\r$/im.exec(raw)?.[1] ?? ''
    const refused = { ...{ to: 'twice@example.jp', returnPath, raw, messageId }, mailto: '', url: '' }
    const full = { status: '4.2.2', code: 'smtp; 452 4.2.2 mailbox full' }
    assert.match(await bring(incoming(), returnPath, bounceOf(refused, full)), /\(soft\)/)
    assert.equal(await sender.excluded('twice@example.jp'), undefined)
    const another = await sender.mail('twice@example.jp')
    await bring(incoming(), another.returnPath, bounceOf(another, full))
    assert.equal(await sender.excluded('twice@example.jp'), 'hard-bounces: error-count')
  })

  it('knows that its own domain is missed by the address that the report came to, where the report names nobody', async () => {
    const sender = await addSender(incoming())
    const missed = { status: '5.4.4', code: 'smtp; 550 in.example.com: domain not found' }
    const mail = await sender.mail('jiro@example.jp')
    const bare = bounceOf({ ...mail, raw: 'Subject: News\r\n\r\n' }, missed).replace(/^To: .*$/m, 'To: you')
    assert.match(await bring(incoming(), mail.returnPath, bare), /\(sender\)/)
    assert.equal(await sender.excluded('jiro@example.jp'), undefined)
    const another = await sender.mail('jiro@example.jp')
    const theirs = bare.replace('in.example.com: domain', 'example.jp: domain')
    assert.match(await bring(incoming(), another.returnPath, theirs), /\(hard\)/)
  })

  it('changes nothing by a failure that blames the sender, or by a delay', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('taro@example.jp')
    const blamed = { status: '5.7.26', code: 'smtp; 550 5.7.26 This mail is unauthenticated' }
    assert.match(await bring(incoming(), mail.returnPath, bounceOf(mail, blamed)), /\(sender\)/)
    const delayed = { action: 'delayed', status: '4.4.1', code: 'smtp; 451 4.4.1 no answer' }
    assert.match(await bring(incoming(), mail.returnPath, bounceOf(mail, delayed)), /\(nothing\)/)
    assert.equal(await sender.excluded('taro@example.jp'), undefined)
  })

  it('keeps a report about somebody else than the recipient of that message, and excludes nobody', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('hanako@example.jp')
    const report = bounceOf(mail, { recipient: 'somebody@example.net' })
    assert.match(await bring(incoming(), mail.returnPath, report), /\(not-understood\)/)
    for (const address of ['hanako@example.jp', 'somebody@example.net']) {
      assert.equal(await sender.excluded(address), undefined)
    }
    const [kept] = await sender.kept()
    assert.deepEqual([kept?.outcome, kept?.detail['why']], ['not-understood', 'other-recipient'])
  })

  it('takes a report in words for the recipient of the message, whoever else its words name', async () => {
    const sender = await addSender(incoming())
    const others = ['helpdesk@example.jp', 'abuse@example.jp', 'support@example.net']
    for (const address of others) await sender.mail(address)
    const words = {
      named: (to: string) => `Your message to ${to} could not be delivered: no such user.\n`,
      hidden: () => 'Your message could not be delivered. There is no such user here.\n',
    }
    for (const [name, write] of Object.entries(words)) {
      const mail = await sender.mail(`${name}@example.jp`)
      const report = `From: postmaster@mx.example.jp
To: ${mail.returnPath}
Subject: Delivery failed

${write(mail.to)}
If this seems wrong to you, send a mail to helpdesk@example.jp, abuse@example.jp
or to the address support@example.net.
`
      assert.match(await bring(incoming(), mail.returnPath, report), /\(hard\)/, name)
      assert.equal(await sender.excluded(mail.to), 'hard-bounces: user-unknown')
    }
    for (const address of others) assert.equal(await sender.excluded(address), undefined)
  })

  it('knows the recipient again as hosts of its own domain write it, and nobody of another one', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('rewritten@example.jp')
    for (const recipient of ['other@mx1.example.jp', 'rewritten@notexample.jp']) {
      assert.match(
        await bring(incoming(), mail.returnPath, bounceOf(mail, { recipient })),
        /\(not-understood\)/,
      )
    }
    const report = bounceOf(mail, { recipient: 'rewritten@mx1.example.jp' })
    assert.match(await bring(incoming(), mail.returnPath, report), /\(hard\)/)
    assert.equal(await sender.excluded('rewritten@example.jp'), 'hard-bounces: user-unknown')
  })

  it('holds an address that is none for us against nobody else, and takes what names nobody for the recipient', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('within@example.jp')
    for (const recipient of ['other@mailstore01', 'other@mailstore01 (Bob)', '"bob smith"@@else.example']) {
      const report = bounceOf(mail, { recipient })
      assert.match(await bring(incoming(), mail.returnPath, report), /\(not-understood\)/, recipient)
    }
    assert.equal(await sender.excluded(mail.to), undefined)
    for (const [index, recipient] of ['Within@mailstore01', 'within', '/C=JP/S=within/', ''].entries()) {
      const own = index === 0 ? mail : await sender.mail(`within${index}@example.jp`)
      assert.match(
        await bring(incoming(), own.returnPath, bounceOf(own, { recipient })),
        /\(hard\)/,
        recipient,
      )
      assert.equal(await sender.excluded(own.to), 'hard-bounces: user-unknown')
    }
  })

  it('takes a complaint by the link in the mail that it returns, wherever the recipient is hidden', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('angry@example.jp')
    const hidden = { raw: mail.raw.replaceAll('angry@example.jp', 'redacted@example.invalid') }
    const address =
      incoming().installation.capabilities.inbound.addresses?.complaints(sender.service.id) ?? ''
    assert.match(await bring(incoming(), address, complaintOf(hidden)), /\(complaint\)/)
    assert.equal(await sender.excluded('angry@example.jp'), 'complaints: complaint')
  })

  it('finds the message by the Feedback-ID alone that it stamped, and by none that it did not', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('only.feedback@example.jp')
    const [, value = ''] = /^Feedback-ID: (.*)\r$/m.exec(mail.raw) ?? []
    assert.match(value, /^d\d+:s\d+:f-[a-z2-7]{23}:kaijo$/)
    const other = await addSender(incoming())
    const address = incoming().installation.capabilities.inbound.addresses?.complaints(other.service.id) ?? ''
    const returned = (feedbackId: string) => ({
      raw: `From: news@example.com\r\nFeedback-ID: ${feedbackId}\r\n\r\nHi\r\n`,
    })
    for (const forged of [
      value.replace(/f-./, (start) => (start === 'f-a' ? 'f-b' : 'f-a')),
      value.replace(/f-[a-z2-7]+/, ''),
      value.replace(/f-[a-z2-7]+/, `f-${'a'.repeat(23)}`),
    ]) {
      assert.match(await bring(incoming(), address, complaintOf(returned(forged))), /\(not-understood\)/)
    }
    assert.equal(await sender.excluded('only.feedback@example.jp'), undefined)
    assert.match(await bring(incoming(), address, complaintOf(returned(value))), /\(complaint\)/)
    assert.equal(await sender.excluded('only.feedback@example.jp'), 'complaints: complaint')
  })

  it('stamps a Feedback-ID as the service wants it, or none', async () => {
    const named = await addSender(incoming(), { settings: { feedbackId: 'acme-mail' } })
    assert.match(
      (await named.mail('n@example.jp')).raw,
      /^Feedback-ID: d\d+:s\d+:f-[a-z2-7]{23}:acme-mail\r$/m,
    )
    const without = await addSender(incoming(), { settings: { feedbackId: null } })
    assert.doesNotMatch((await without.mail('w@example.jp')).raw, /^Feedback-ID/im)
  })

  it('suppresses nobody by a report of failed authentication', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('calm@example.jp')
    const report = complaintOf(mail, { type: 'auth-failure', fields: 'Auth-Failure: dmarc\n' })
    assert.match(await bring(incoming(), mail.returnPath, report), /\(nothing\)/)
    assert.equal(await sender.excluded('calm@example.jp'), undefined)
  })

  it('believes a Message-ID alone only of the service whose complaint address it came to', async () => {
    const [sender, other] = [await addSender(incoming()), await addSender(incoming())]
    const mail = await sender.mail('quiet@example.jp')
    const bare = { raw: `From: news@example.com\r\nMessage-ID: <${mail.messageId}>\r\n\r\nHello\r\n` }
    const { addresses } = incoming().installation.capabilities.inbound
    const report = complaintOf(bare, { fields: 'Original-Rcpt-To: quiet@example.jp\n' })
    const foreign = addresses?.complaints(other.service.id) ?? ''
    assert.match(await bring(incoming(), foreign, report), /\(not-understood\)/)
    assert.equal(await sender.excluded('quiet@example.jp'), undefined)
    assert.match(
      await bring(incoming(), addresses?.complaints(sender.service.id) ?? '', report),
      /\(complaint\)/,
    )
    assert.equal(await sender.excluded('quiet@example.jp'), 'complaints: complaint')
  })

  it('refuses every address that was not handed out, forged ones too', async () => {
    const sender = await addSender(incoming())
    const { returnPath } = await sender.mail('taro@example.jp')
    const forged = returnPath.replace(/^b-(.)/, (_, first) => `b-${first === 'a' ? 'b' : 'a'}`)
    for (const address of [
      forged,
      `b-@${DOMAIN}`,
      `postmaster@${DOMAIN}`,
      `c-aaaaaaaaaaaaaaaaaa@${DOMAIN}`,
      returnPath.replace(DOMAIN, 'example.com'),
      `unsub@other.example.com`,
    ]) {
      assert.match(await bring(incoming(), address, 'Subject: x\n\nx\n'), /^550 5\.1\.1/, address)
    }
  })

  it('finds the address in any case, and through a mail to several of them', async () => {
    const sender = await addSender(incoming())
    const mails = [await sender.mail('one@example.jp'), await sender.mail('two@example.jp')]
    for (const mail of mails) {
      const to = mails.map(({ returnPath }) => returnPath.toUpperCase())
      await bring(incoming(), to, bounceOf(mail))
    }
    assert.equal(await sender.excluded('one@example.jp'), 'hard-bounces: user-unknown')
    assert.equal(await sender.excluded('two@example.jp'), 'hard-bounces: user-unknown')
  })

  it('keeps what nobody understands, whatever it holds, and what runs in circles', async () => {
    const sender = await addSender(incoming())
    const { returnPath } = await sender.mail('taro@example.jp')
    const loop = `${'Received: from a by b\n'.repeat(51)}Subject: x\n\nx\n`
    for (const content of ['\n', 'x', 'Subject: hi\n\nHello\n', `x: ${'\0\xff'.repeat(500)}\n\n\n`, loop]) {
      assert.match(await bring(incoming(), returnPath, content), /^250 .*\(not-understood\)/)
    }
    assert.equal(await sender.excluded('taro@example.jp'), undefined)
  })

  it('takes no mail from whoever wants to sign in, and none that is too large', async () => {
    const client = await connectRaw(incoming().installation.inbound)
    const hello = await client.say('EHLO mx.example.net')
    assert.match(hello, /STARTTLS/)
    assert.doesNotMatch(hello, /AUTH/)
    assert.match(await client.say('AUTH PLAIN AGEAYg=='), /^50\d/)
    const size = Number(/SIZE (\d+)/.exec(hello)?.[1])
    assert.match(await client.say(`MAIL FROM:<> SIZE=${size + 1}`), /^552/)
    client.destroy()
  })

  async function resume(serviceId: number, address: string) {
    const { capabilities, time } = incoming().installation
    time.now += DAY_MS / 24
    const { id } = await resolveList(capabilities.database, serviceId, 'hard-bounces')
    const request = { kind: 'resume', listId: id, addresses: [address], source: 'api' } as const
    await changeMany(capabilities.recorder, { ...request, requestedAt: time.now })
  }
})
