import assert from 'node:assert/strict'
import { it } from 'node:test'
import { progressOf } from '../../../src/messages/reading/delivery-progress.ts'

it('tells how far a delivery is by what its messages met with', () => {
  const progress = (messages: Parameters<typeof progressOf>[0]['messages']) =>
    progressOf({ state: 'active', messages })
  assert.equal(progress({ queued: 2, excluded: 1 }), 'waiting')
  assert.equal(progress({ queued: 1, failed: 1 }), 'sending')
  assert.equal(progress({ sending: 1 }), 'sending')
  assert.equal(progress({ kept: 1, failed: 1 }), 'done')
  assert.equal(progress({ failed: 1, excluded: 1 }), 'failed')
  assert.equal(progress({ excluded: 1 }), 'done')
  assert.equal(progressOf({ state: 'cancelled', messages: { sent: 1, cancelled: 1 } }), 'cancelled')
})
