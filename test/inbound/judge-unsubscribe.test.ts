import assert from 'node:assert/strict'
import { it } from 'node:test'
import { judgeUnsubscribe } from '../../src/inbound/judge-unsubscribe.ts'
import { DatabaseUnavailable } from '../../src/storage/database-errors.ts'

const MAIL = {
  ...{ sender: 'a@example.jp', recipient: 'unsub@in.example.com', clientAddress: null, helo: null },
  ...{ receivedAt: 0, vouchedBy: 'nobody' as const },
}
const links = { open: () => ({ ok: false, why: 'broken', keyId: '' }) as const }
const SUBJECT = 'abcdefghij234567/-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

it('waits for requests in the journal, which came before it', async () => {
  const planRequest = async () => assert.fail('carried out')
  const mail = { ...MAIL, raw: Buffer.from(`Subject: ${SUBJECT}\n\n`) }
  await assert.rejects(
    judgeUnsubscribe({ planRequest, links, journal: { pending: true } }, mail),
    DatabaseUnavailable,
  )
})

it('carries a request out as it came, with what an operator will ask for', async () => {
  const carried: object[] = []
  const planRequest = async (request: object) => {
    carried.push(request)
    return { outcome: 'unknown-class', statements: [] } as const
  }
  const raw = Buffer.from(`Subject: Re: ${SUBJECT}\nX-Mailer: Mail (1.0)\n\n`)
  const mail = { ...MAIL, raw, clientAddress: '192.0.2.1', receivedAt: 5 }
  const judgement = await judgeUnsubscribe({ planRequest, links, journal: { pending: false } }, mail)
  assert.deepEqual([judgement.outcome, judgement.detail], ['not-understood', { why: 'unknown-class' }])
  const [classId, token] = SUBJECT.split('/-')
  assert.deepEqual(carried, [
    {
      target: { kind: 'token', classId, token },
      receivedAt: 5,
      evidence: {
        ...{ method: 'MAIL', clientAddress: '192.0.2.1', userAgent: 'Mail (1.0)' },
        body: `Re: ${SUBJECT}`,
      },
      source: 'inbound',
    },
  ])
})
