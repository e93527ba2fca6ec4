import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRefusals } from '../../src/access/refusals.ts'

test('each wrong sign-in of a name is held back for twice as long as the one before, up to five seconds', () => {
  const refusals = createRefusals(() => 0)
  const delays = Array.from({ length: 7 }, () => refusals({ name: 'shop' }).delayMs)
  assert.deepEqual(delays, [300, 600, 1_200, 2_400, 4_800, 5_000, 5_000])
  assert.equal(refusals({ name: 'news' }).delayMs, 300)
})

test('a client that tries many names is counted by its address', () => {
  const refusals = createRefusals(() => 0)
  const counts = ['a', 'b', 'c'].map((name) => refusals({ name, clientAddress: '192.0.2.7' }).count)
  assert.deepEqual(counts, [1, 2, 3])
  assert.equal(refusals({ name: 'd', clientAddress: '192.0.2.8' }).count, 1)
})

test('a client of IPv6 that changes its address within its network is counted all the same', () => {
  const refusals = createRefusals(() => 0)
  const addresses = ['2001:db8::1', '2001:db8::ffff:2', '2001:db8:0:0:5:6:7:8']
  const counts = addresses.map((clientAddress, at) => refusals({ name: `name ${at}`, clientAddress }).count)
  assert.deepEqual(counts, [1, 2, 3])
  assert.equal(refusals({ name: 'other', clientAddress: '2001:db8:0:1::1' }).count, 1)
})

test('a quarter of an hour without another one is forgotten', () => {
  let now = 0
  const refusals = createRefusals(() => now)
  refusals({ name: 'shop' })
  now = 15 * 60_000
  assert.equal(refusals({ name: 'shop' }).count, 1)
})

test('invented names do not fill the memory: the one that was silent for longest is forgotten', () => {
  const refusals = createRefusals(() => 0)
  refusals({ name: 'first' })
  for (let at = 0; at < 10_000; at++) refusals({ name: `invented ${at}` })
  assert.equal(refusals({ name: 'first' }).count, 1)
})
