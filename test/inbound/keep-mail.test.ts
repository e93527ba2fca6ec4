import assert from 'node:assert/strict'
import { it } from 'node:test'
import { notUnderstood } from '../../src/inbound/inbound-mail.ts'
import { createKeepMail } from '../../src/inbound/keep-mail.ts'
import { findKeptMails, readKeptMail } from '../../src/inbound/kept-mails.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { Keyring } from '../../src/kernel/keyring.ts'
import { idSource } from '../../src/storage/id-block.ts'
import { createErasedPeople } from '../../src/suppression/erased.ts'
import { sharedDatabase } from '../storage/shared-database.ts'
import { forEachEngine } from '../support/engines.ts'

const keyring = new Keyring([{ id: '0a0b0c', bytes: Buffer.alloc(32, 1) }])
const MAIL = {
  ...{ raw: Buffer.from('x'), sender: 'a@example.jp', recipient: null, clientAddress: null, helo: null },
  ...{ receivedAt: Date.UTC(2026, 0, 1), vouchedBy: 'nobody' as const },
}

forEachEngine((engine) => {
  const database = sharedDatabase(engine)

  it('keeps so many mails a day that nobody understands, and everything that means something', async () => {
    const ids = idSource(database(), 'inbound')
    const { keep } = createKeepMail({
      ...{ database: database(), ids, erased: createErasedPeople(database(), keyring) },
      mostUnknownADay: 2,
    })
    const garbage = notUnderstood('other', 'not-a-report')
    const results = []
    for (let i = 0; i < 3; i++) results.push(await keep(MAIL, garbage))
    assert.deepEqual(results, ['kept', 'kept', 'not-kept'])
    assert.equal(await keep(MAIL, { ...garbage, outcome: 'nothing' }), 'kept')
    assert.equal(await keep({ ...MAIL, receivedAt: MAIL.receivedAt + DAY_MS }, garbage), 'kept')
    assert.equal((await findKeptMails(database(), 'all', { limit: 100 })).length, 4)
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
    assert.deepEqual(lengths, [262_144, 262_144, 1_000_000])
  })
})
