import assert from 'node:assert/strict'
import { it } from 'node:test'
import { judgeReport, type ReportParts } from '../../src/inbound/judge-report.ts'

const MAIL = { sender: '', clientAddress: null, helo: null, receivedAt: 0, vouchedBy: 'nobody' as const }
/** Nothing else is asked where nothing is found. */
const parts = { keyring: { all: () => [] } } as unknown as ReportParts

it('reads a mail once, for however many it comes in', async () => {
  const raw = Buffer.from('Subject: I am away\nAuto-Submitted: auto-replied\n\nuntil Monday\n')
  const { buffer } = raw
  let reads = 0
  Object.defineProperty(raw, 'buffer', {
    get: () => {
      reads += 1
      return buffer
    },
  })
  for (const recipient of ['b-1@in.example.com', 'b-2@in.example.com', 'b-3@in.example.com']) {
    const [judgement] = await judgeReport(parts, { ...MAIL, raw, recipient }, undefined)
    assert.deepEqual(judgement?.detail, { what: 'auto-reply' })
  }
  assert.equal(reads, 1)
})
