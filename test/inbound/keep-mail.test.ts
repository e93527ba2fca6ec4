import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Judgement, notUnderstood } from '../../src/inbound/inbound-mail.ts'
import { createKeepMail } from '../../src/inbound/keep-mail.ts'
import { findKeptMails, readKeptMail } from '../../src/inbound/kept-mails.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { createErasedPeople } from '../../src/suppression/erased/erased.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

const keyring = new Keyring([{ id: '0a0b0c', bytes: Buffer.alloc(32, 1) }])
const MAIL = {
  ...{ raw: Buffer.from('x'), sender: 'a@example.jp', recipient: null, clientAddress: null, helo: null },
  ...{ receivedAt: Date.UTC(2026, 0, 1), vouchedBy: 'nobody' as const },
}

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('keeps so many mails a day that nobody understands, so many that ask for nothing, and everything that means something', async () => {
    const ids = idSource(database(), 'inbound')
    const { keep } = createKeepMail({
      ...{ database: database(), ids, erased: createErasedPeople(database(), keyring) },
      mostUnknownADay: 2,
    })
    const garbage = notUnderstood('other', 'not-a-report')
    const results = []
    for (let i = 0; i < 3; i++) results.push(await keep(MAIL, garbage))
    assert.deepEqual(results, ['kept', 'kept', 'not-kept'])
    const idle = { ...garbage, outcome: 'nothing' } as const
    for (const result of ['kept', 'kept', 'not-kept']) assert.equal(await keep(MAIL, idle), result)
    for (let i = 0; i < 3; i++) assert.equal(await keep(MAIL, { ...garbage, outcome: 'sender' }), 'kept')
    assert.equal(await keep({ ...MAIL, receivedAt: MAIL.receivedAt + DAY_MS }, garbage), 'kept')
    assert.equal((await findKeptMails(database(), 'all', { limit: 100 })).length, 8)
  })

  it('keeps the beginning of what means nothing, which anybody can send to a hundred addresses at once', async () => {
    const ids = idSource(database(), 'inbound')
    const kept = createKeepMail({
      database: database(),
      ids,
      erased: createErasedPeople(database(), keyring),
    })
    const mail = { ...MAIL, raw: Buffer.alloc(1_000_000, 'x') }
    const lengths = []
    for (const outcome of ['nothing', 'not-understood', 'sender'] as const) {
      await kept.keep(mail, { ...notUnderstood('other', 'not-a-report'), outcome })
      const [newest] = await findKeptMails(database(), 'all', { limit: 1 })
      const { raw } = await readKeptMail(database(), 'all', newest?.id ?? 0)
      lengths.push(raw.length)
      assert.equal(newest?.size, 1_000_000)
    }
    assert.deepEqual(lengths, [65_536, 262_144, 1_000_000])
  })

  it('keeps of a wish its whole head and the beginning of what follows, and of a report all that is read', async () => {
    const ids = idSource(database(), 'inbound')
    const erased = createErasedPeople(database(), keyring)
    const { keep } = createKeepMail({ database: database(), ids, erased })
    const head = `Subject: stop\r\n${'X-Hop: a\r\n'.repeat(10_000)}`
    const short = Buffer.from('Subject: stop\r\n\r\nPlease stop.\r\n')
    const long = Buffer.concat([Buffer.from(`${head}\r\n`), Buffer.alloc(1_000_000, 'x')])
    const endless = Buffer.alloc(1_000_000, 'x')
    const lengths: number[] = []
    for (const [index, raw] of [short, long, endless].entries()) {
      for (const outcome of ['unsubscribed', 'joined', 'asked', 'hard'] as const) {
        const address = `${outcome}${index}@example.jp`
        await keep({ ...MAIL, raw }, { ...notUnderstood('other', 'x', { address }), outcome })
        const [newest] = await findKeptMails(database(), 'all', { limit: 1 })
        const kept = await readKeptMail(database(), 'all', newest?.id ?? 0)
        assert.ok(raw.subarray(0, kept.raw.length).equals(kept.raw))
        assert.equal(newest?.size, raw.length)
        lengths.push(kept.raw.length)
      }
    }
    const wish = head.length + 65_536
    assert.deepEqual(lengths, [
      ...[short.length, short.length, short.length, short.length],
      ...[wish, wish, wish, long.length],
      ...[327_680, 327_680, 327_680, endless.length],
    ])
  })

  it('keeps the mail of a repeated wish or automatic answer once a day, and what became of each', async () => {
    const ids = idSource(database(), 'inbound')
    const erased = createErasedPeople(database(), keyring)
    const { keep } = createKeepMail({ database: database(), ids, erased })
    const wishOf = (address: string, list: number) => ({
      ...notUnderstood('unsubscribe', 'x', { address, detail: { list } }),
      outcome: 'unsubscribed' as const,
    })
    const idle = { ...notUnderstood('other', 'auto-reply'), outcome: 'nothing' as const }
    const hard = { ...notUnderstood('bounce', 'x', { address: 'a@example.jp' }), outcome: 'hard' as const }
    const given: [string, Judgement, number?][] = [
      ['1', wishOf('a@example.jp', 1)],
      ['22', wishOf('a@example.jp', 1)],
      ['333', wishOf('a@example.jp', 2)],
      ['4444', wishOf('b@example.jp', 1)],
      ['4444', wishOf('c@example.jp', 1)],
      ['away', idle],
      ['away', idle],
      ['bounce', hard],
      ['bounce', hard],
      ['away', idle, DAY_MS],
    ]
    for (const [raw, judgement, later = 0] of given) {
      const receivedAt = MAIL.receivedAt + later
      assert.equal(await keep({ ...MAIL, receivedAt, raw: Buffer.from(raw) }, judgement), 'kept')
    }
    const kept = await findKeptMails(database(), 'all', { limit: given.length })
    const raws = []
    for (const { id } of kept.toReversed()) {
      raws.push((await readKeptMail(database(), 'all', id)).raw.toString())
    }
    assert.deepEqual(raws, ['1', '', '333', '4444', '', 'away', '', 'bounce', 'bounce', 'away'])
  })

  it('does what a mail means once when two people have it looked at again at the same time', async () => {
    const ids = idSource(database(), 'inbound')
    const erased = createErasedPeople(database(), keyring)
    const { keep, again } = createKeepMail({ database: database(), ids, erased })
    await keep(MAIL, notUnderstood('bounce', 'unknown-message'))
    const [kept] = await findKeptMails(database(), 'all', { limit: 1 })
    const { query } = database()
    const counter = {
      service_id: 1,
      day: '2026-01-01',
      sender: 'a@example.com',
      outcome: 'bounced',
      list_id: 0,
    } as const
    await database().transact([query.insertInto('day_count').values({ ...counter, count: 0 })])
    const judgement: Judgement = {
      ...notUnderstood('bounce', 'x', { address: 'b@example.jp' }),
      outcome: 'hard',
      report: 'hard 1.1',
      statements: [
        query
          .updateTable('day_count')
          .set(({ eb }) => ({ count: eb('count', '+', 1) }))
          .where((eb) => eb.and(counter)),
      ],
    }
    const both = [1, 2].map(() => again(kept?.id ?? 0, MAIL, judgement))
    assert.deepEqual((await Promise.all(both)).toSorted(), [false, true])
    const counts = query.selectFrom('day_count').select('count')
    assert.deepEqual(await database().read(counts.where((eb) => eb.and(counter))), [{ count: 1 }])
    assert.equal((await findKeptMails(database(), 'all', { limit: 1 }))[0]?.outcome, 'hard')
  })
})
