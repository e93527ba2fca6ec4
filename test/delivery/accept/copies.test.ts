import assert from 'node:assert/strict'
import { test } from 'node:test'
import PostalMime from 'postal-mime'
import { readKeptMail } from '../../../src/messages/reading/read-kept-mail.ts'
import { forEachEngine } from '../../support/engines.ts'
import { addTenant, install, NOON } from '../../support/installation.ts'
import { messagesOf, settled, someDelivery } from '../some-delivery.ts'

const CC = { name: '上司', address: 'boss@example.jp' }
const BCC = { address: 'archive@example.jp' }

forEachEngine(({ name }) => {
  test('whoever is in Cc and Bcc gets a copy of every mail, with a link of their own', async (t) => {
    const installation = await install(t, name, { serves: 'worker' })
    const { capabilities } = installation
    const tenant = await addTenant(installation)
    const given = { cc: [CC], bcc: [BCC], text: 'Hi {{name}}: {{unsubscribe_url}}' }
    const recipients = ['a@example.jp', 'b@example.jp'].map((to) => ({ to, substitutions: { name: to } }))
    const answer = await capabilities.acceptDelivery(someDelivery(tenant, recipients, given))
    assert.deepEqual([answer.accepted, answer.copies], [2, 4])
    const messages = await settled(capabilities, answer.id, 'kept')
    const seen = await Promise.all(
      messages.map(async ({ id, to, copyAs }) => {
        const {
          to: shown,
          cc,
          bcc,
          text,
          headers,
        } = await PostalMime.parse(await readKeptMail(capabilities.database, answer.id, id))
        const link = headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
        assert.ok(text?.includes(/<(.*?)>/.exec(link)?.[1] as string))
        const opened = capabilities.links.open(tenant.sender.classId, /\/-([\w-]+)/.exec(link)?.[1] as string)
        assert.equal(opened.ok && opened.recipient, to)
        assert.deepEqual([cc?.map(({ address }) => address), bcc], [[CC.address], undefined])
        return [copyAs, to, shown?.[0]?.address, /Hi (\S+):/.exec(text ?? '')?.[1]]
      }),
    )
    assert.deepEqual(seen, [
      [null, 'a@example.jp', 'a@example.jp', 'a@example.jp'],
      [null, 'b@example.jp', 'b@example.jp', 'b@example.jp'],
      ['bcc', BCC.address, 'a@example.jp', 'a@example.jp'],
      ['cc', CC.address, 'a@example.jp', 'a@example.jp'],
      ['bcc', BCC.address, 'b@example.jp', 'b@example.jp'],
      ['cc', CC.address, 'b@example.jp', 'b@example.jp'],
    ])
  })

  test('a copy is left out for whoever opted out, and there is none of a mail that is not sent', async (t) => {
    const installation = await install(t, name)
    const { capabilities } = installation
    const tenant = await addTenant(installation)
    await tenant.stop('sender:news@example.com', CC.address, 'b@example.jp')
    const request = someDelivery(tenant, ['a@example.jp', 'b@example.jp', BCC.address], {
      cc: [CC],
      bcc: [BCC],
    })
    const answer = await capabilities.acceptDelivery(request)
    assert.deepEqual(
      [answer.accepted, answer.copies, answer.excluded],
      [2, 1, { 'sender:news@example.com': 3 }],
    )
    const rows = (await messagesOf(capabilities, answer.id)).map(({ to, copyAs, state }) => [
      to,
      copyAs,
      state,
    ])
    assert.deepEqual(rows, [
      ['a@example.jp', null, 'queued'],
      ['b@example.jp', null, 'excluded'],
      [BCC.address, null, 'queued'],
      [BCC.address, 'bcc', 'queued'],
      [CC.address, 'cc', 'excluded'],
      [CC.address, 'cc', 'excluded'],
    ])
  })

  test('copies that are none or too many are refused by their field, and nothing is stored', async (t) => {
    const installation = await install(t, name)
    const { acceptDelivery, database } = installation.capabilities
    const tenant = await addTenant(installation)
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ address: `c${at}@example.jp` }))
    const refused: [Parameters<typeof someDelivery>[2], string, string][] = [
      [{ cc: [CC, { address: 'nobody' }] }, 'invalid-value', 'cc[1]'],
      [{ bcc: [{ address: 'nobody' }] }, 'invalid-value', 'bcc[0]'],
      [{ cc: [{ address: '日本@example.jp' }] }, 'invalid-value', 'cc[0]'],
      [{ cc: many(21) }, 'invalid-value', 'cc'],
      [
        { mailsPerHour: 1, recipients: Array.from({ length: 73 }, (_, at) => ({ to: `r${at}@example.jp` })) },
        'invalid-value',
        'mailsPerHour',
      ],
      [
        { bcc: many(20), recipients: Array.from({ length: 477 }, (_, at) => ({ to: `r${at}@example.jp` })) },
        'too-many-recipients',
        'recipients',
      ],
    ]
    for (const [given, code, field] of refused) {
      await assert.rejects(acceptDelivery(someDelivery(tenant, ['a@example.jp'], given)), { code, field })
    }
    assert.deepEqual(await database.read(database.query.selectFrom('delivery').select('id')), [])
  })

  test('a pace spreads the mails from the beginning on', async (t) => {
    const installation = await install(t, name)
    const { capabilities } = installation
    const tenant = await addTenant(installation)
    await tenant.stop('blocklist', 'b@example.jp')
    const to = ['a@example.jp', 'b@example.jp', 'c@example.jp', 'd@example.jp']
    const { id } = await capabilities.acceptDelivery(someDelivery(tenant, to, { mailsPerHour: 2 }))
    const due = (await messagesOf(capabilities, id)).map(({ dueAt }) => dueAt && (dueAt - NOON) / 60_000)
    assert.deepEqual(due, [0, null, 30, 60])
  })
})
