import assert from 'node:assert/strict'
import { it } from 'node:test'
import { answerTo } from '../../src/unsubscribe/answer.ts'

const voice = (language: 'ja' | 'en') => ({ language, texts: { ja: {}, en: {} } })

const TOKEN = { kind: 'token', classId: 'abcdefghij234567', token: 'x' } as const
const ACTIONS = { stop: '/abcdefghij234567/-x', resume: undefined }

it('says that a request was taken although its list cannot be looked up at the moment', () => {
  const opened = {
    ok: true,
    keyId: 'a1b2c3',
    recipient: 'taro@example.com',
    mintedAt: 0,
    message: null,
  } as const
  const { status, view } = answerTo(TOKEN, { outcome: 'journaled', opened }, voice('en'), ACTIONS)
  assert.deepEqual([status, view.title], [200, 'Your request has been taken'])
})

it('answers a known class 200 whatever its token is worth, and an unknown class 404', () => {
  const statusOf = (outcome: Parameters<typeof answerTo>[1]['outcome']) =>
    answerTo(TOKEN, { outcome }, voice('ja'), ACTIONS).status
  const known = (['excluded', 'resumed', 'journaled', 'nobody', 'unknown-key', 'broken-token'] as const).map(
    statusOf,
  )
  assert.deepEqual(new Set(known), new Set([200]))
  assert.equal(statusOf('unknown-class'), 404)
})
