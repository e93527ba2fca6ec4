import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { findSubscriber } from '../../../src/subscribers/search.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addSender, bounceOf, bring, complaintOf, DOMAIN, sharedIncoming } from './incoming.ts'

/** The engine itself refuses what is written last, as a full disk would in the middle of a transaction. */
const REFUSE = {
  sqlite: (table: string) => [
    `create trigger refuse_${table} after insert on ${table} begin select raise(abort, 'refused'); end`,
  ],
  postgres: (table: string) => [
    `create or replace function refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused'; end $$`,
    `create trigger refuse_${table} after insert on ${table} for each row execute function refuse()`,
  ],
}

forEachEngine(({ name: engine }) => {
  const incoming = sharedIncoming(engine)

  /** What comes in, what it leaves on a list or among the members, and which of its tables is written last. */
  const mails = {
    'a mailto unsubscribe': async (address: string) => {
      const sender = await addSender(incoming())
      const { mailto } = await sender.mail(address)
      const content = `From: ${address}\nSubject: ${mailto.subject}\n\n`
      return {
        sender,
        to: mailto.address,
        content,
        from: address,
        done: 'sender:news@example.com: unsubscribed',
      }
    },
    'a hard bounce': async (address: string) => {
      const sender = await addSender(incoming())
      const mail = await sender.mail(address)
      const done = 'hard-bounces: user-unknown'
      return { sender, to: mail.returnPath, content: bounceOf(mail), from: '', done }
    },
    'the soft bounce that reaches the threshold': async (address: string) => {
      const sender = await addSender(incoming(), { settings: { softBounceThreshold: 1 } })
      const mail = await sender.mail(address)
      const content = bounceOf(mail, { status: '4.2.2', code: 'smtp; 452 4.2.2 mailbox full' })
      return { sender, to: mail.returnPath, content, from: '', done: 'hard-bounces: error-count' }
    },
    'a complaint': async (address: string) => {
      const sender = await addSender(incoming())
      const mail = await sender.mail(address)
      return {
        sender,
        to: mail.returnPath,
        content: complaintOf(mail),
        from: '',
        done: 'complaints: complaint',
      }
    },
  }

  for (const [name, write] of Object.entries(mails)) {
    for (const table of ['inbound_mail', 'event']) {
      it(`does ${name} and keeps it, or neither: refused at ${table}`, async () => {
        const address = `${name.replaceAll(' ', '-')}.${table}@example.jp`
        const { sender, to, content, from, done } = await write(address)
        await refusing(table, async () => {
          assert.match(await bring(incoming(), to, content, { from }), /^451 4\.3\.0/)
          assert.equal(await sender.excluded(address), undefined)
          assert.deepEqual(await sender.kept(), [])
        })
        assert.match(await bring(incoming(), to, content, { from }), /^250 /)
        assert.equal(await sender.excluded(address), done)
        assert.equal((await sender.kept()).length, 1)
      })
    }
  }

  for (const table of ['inbound_mail', 'subscriber_membership']) {
    it(`makes a member by a blank mail and keeps it, or neither: refused at ${table}`, async () => {
      const sender = await addSender(incoming(), { settings: { blankMail: 'always' } })
      const address = `join.${table}@example.jp`
      const joining = `join-${sender.service.id}@${DOMAIN}`
      const signUp = () => bring(incoming(), joining, `From: ${address}\n\n`, { from: address })
      await refusing(table, async () => {
        assert.match(await signUp(), /^451 4\.3\.0/)
        assert.equal(await membership(address, sender.service), undefined)
        assert.deepEqual(await sender.kept(), [])
      })
      assert.match(await signUp(), /^250 2\.0\.0 taken \(joined\)/)
      assert.equal(await membership(address, sender.service), 'joined')
      assert.equal((await sender.kept()).length, 1)
    })
  }

  it('asks to confirm once, though the mail that made it ask comes again since it could not be kept', async () => {
    const sender = await addSender(incoming(), { settings: { blankMail: 'confirm' } })
    const joining = `join-${sender.service.id}@${DOMAIN}`
    const from = 'asked.once@nowhere.invalid'
    const before = incoming().sink.messages.length
    const signUp = () => bring(incoming(), joining, `From: ${from}\n\n`, { from })
    await refusing('inbound_mail', async () => assert.match(await signUp(), /^451 4\.3\.0/))
    assert.match(await signUp(), /^250 /)
    assert.equal((await sender.kept()).length, 1)
    await incoming().sink.waitFor(before + 1)
    assert.equal(incoming().sink.messages.filter(({ to }) => to.includes(from)).length, 1)
  })

  async function refusing(table: string, work: () => Promise<void>) {
    const { database } = incoming().installation.capabilities
    const run = (statement: string) =>
      database.transact([{ compile: () => sql.raw(statement).compile(database.query) }])
    for (const statement of REFUSE[engine](table)) await run(statement)
    try {
      await work()
    } finally {
      await run(`drop trigger refuse_${table}${engine === 'postgres' ? ` on ${table}` : ''}`)
    }
  }

  async function membership(address: string, service: Parameters<typeof findSubscriber>[1]) {
    const { database } = incoming().installation.capabilities
    const found = await findSubscriber(database, service, address).catch(() => undefined)
    return found?.membership
  }
})
