import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import {
  addSender,
  bounceOf,
  bring,
  DOMAIN,
  type Incoming,
  type MailOfOurs,
  sharedIncoming,
} from './incoming.ts'
import { connectRaw } from './raw-client.ts'

/** Everything at once (RFC 2920), as servers send it: from the greeting's answer on nothing is waited for. */
async function pipelined(
  { installation }: Incoming,
  hello: string,
  recipients: readonly string[],
  content: string,
  parameters = '',
): Promise<{ offered: string; replies: string[] }> {
  const client = await connectRaw(installation.inbound)
  try {
    const offered = await client.say(hello)
    const commands = [`MAIL FROM:<>${parameters}`, ...recipients.map((to) => `RCPT TO:<${to}>`), 'DATA']
    client.write(commands.map((line) => `${line}\r\n`).join(''))
    const replies: string[] = []
    for (const _ of commands) replies.push(await client.reply())
    client.write(`${content.replace(/\r?\n/g, '\r\n')}.\r\nNOOP\r\n`)
    for (;;) {
      const reply = await client.reply()
      if (/^250 2\.0\.0 OK|^250 OK/i.test(reply)) return { offered, replies }
      replies.push(reply)
    }
  } finally {
    client.destroy()
  }
}

function reports(mails: readonly MailOfOurs[]): string {
  return bounceOf(mails[0] as MailOfOurs)
}

describe('by SMTP', () => {
  const incoming = sharedIncoming('sqlite')

  it('answers one mail for several addresses once, for all of them, and commands that come at once in turn', async () => {
    const sender = await addSender(incoming())
    const mails = [await sender.mail('one@example.jp'), await sender.mail('two@example.jp')]
    const to = [mails[0]?.returnPath ?? '', `nobody@${DOMAIN}`, mails[1]?.returnPath ?? '']
    const { offered, replies } = await pipelined(incoming(), 'EHLO mx.example.net', to, reports(mails))
    assert.match(offered, /PIPELINING/)
    assert.deepEqual(
      replies.map((reply) => reply.slice(0, 3)),
      ['250', '250', '550', '250', '354', '250'],
    )
    assert.equal(await sender.excluded('one@example.jp'), 'hard-bounces: user-unknown')
    assert.equal(await sender.excluded('two@example.jp'), undefined)
  })

  it('takes 8-bit and internationalised mail, with what it declares', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('utf8@example.jp')
    const report = bounceOf(mail, { code: 'smtp; 550 5.1.1 このユーザーは存在しません' })
    const { offered, replies } = await pipelined(
      ...([incoming(), 'EHLO mx.example.net', [mail.returnPath], report, ' BODY=8BITMIME SMTPUTF8'] as const),
    )
    assert.match(offered, /8BITMIME[\s\S]*SMTPUTF8|SMTPUTF8[\s\S]*8BITMIME/)
    assert.match(replies.at(-1) ?? '', /^250 2\.0\.0 taken \(hard\)/)
    assert.equal(await sender.excluded('utf8@example.jp'), 'hard-bounces: user-unknown')
  })

  it('does nothing by a mail that is cut off before its end, and takes it when it comes whole', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('cut@example.jp')
    const client = await connectRaw(incoming().installation.inbound)
    await client.say('EHLO mx.example.net')
    await client.say('MAIL FROM:<>')
    await client.say(`RCPT TO:<${mail.returnPath}>`)
    await client.say('DATA')
    client.write(bounceOf(mail).replace(/\r?\n/g, '\r\n'))
    client.end()
    await client.closed()
    assert.equal(await sender.excluded('cut@example.jp'), undefined)
    assert.deepEqual(await sender.kept(), [])
    assert.match(await bring(incoming(), mail.returnPath, bounceOf(mail)), /^250 .*\(hard\)/)
    assert.equal(await sender.excluded('cut@example.jp'), 'hard-bounces: user-unknown')
  })
})

describe('with a limit of its own', () => {
  const incoming = sharedIncoming('sqlite', { KAIJO_SMTP_MAX_SIZE: '70000' })

  it('refuses what is larger than it says, declared or not, and goes on taking what fits', async () => {
    const sender = await addSender(incoming())
    const mail = await sender.mail('large@example.jp')
    const report = bounceOf(mail)
    const client = await connectRaw(incoming().installation.inbound)
    assert.match(await client.say('EHLO mx.example.net'), /SIZE 70000/)
    assert.match(await client.say('MAIL FROM:<> SIZE=70001'), /^552/)
    client.destroy()
    const padded = `${report}${'x'.repeat(70)}\n`.padEnd(71_000, `${'y'.repeat(70)}\n`)
    assert.match(await bring(incoming(), mail.returnPath, `${padded}\n`), /^552 5\.3\.4/)
    assert.equal(await sender.excluded('large@example.jp'), undefined)
    assert.match(await bring(incoming(), mail.returnPath, report), /^250 .*\(hard\)/)
  })
})

describe('by LMTP', () => {
  const incoming = sharedIncoming('sqlite', { KAIJO_INBOUND_LISTEN: 'lmtp://127.0.0.1:0' })

  it('answers for each address by itself, so that what one of them could not have does not come again to the others', async () => {
    const sender = await addSender(incoming())
    const mails = [await sender.mail('a@example.jp'), await sender.mail('b@example.jp')]
    const [first = '', second = ''] = mails.map(({ returnPath }) => returnPath)
    const { database } = incoming().installation.capabilities
    const run = (text: string) =>
      database.transact([{ compile: () => sql.raw(text).compile(database.query) }])
    await run(`create trigger refuse_one before insert on inbound_mail when new.rcpt_to = '${second}'
      begin select raise(abort, 'refused'); end`)
    const hello = 'LHLO mx.example.net'
    const { replies } = await pipelined(incoming(), hello, [first, second, `unsub@${DOMAIN}`], reports(mails))
    await run('drop trigger refuse_one')
    assert.deepEqual(
      replies.slice(5).map((reply) => reply.replace(/;.*/, '').slice(0, 40)),
      [
        '250 2.0.0 taken (hard)',
        '451 4.3.0 something went wrong on our si',
        '250 2.0.0 taken (not-understood)',
      ],
    )
    assert.equal(await sender.excluded('a@example.jp'), 'hard-bounces: user-unknown')
    const again = await pipelined(incoming(), hello, [second], bounceOf(mails[1] as MailOfOurs))
    assert.match(again.replies.at(-1) ?? '', /^250 2\.0\.0 taken \(hard\)/)
    assert.equal(await sender.excluded('b@example.jp'), 'hard-bounces: user-unknown')
  })
})
