import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createRegistrationBounds } from '../../../src/subscribers/forms/registration-bounds.ts'

const HOUR_MS = 3_600_000

it('takes so many registrations an hour from a client, whatever others do', () => {
  const time = { now: 0 }
  const count = createRegistrationBounds(() => time.now, { ofClient: 2, ofService: 100 })
  const taken = (client: string) => [1, 2, 3].map(() => count(client, 1))
  assert.deepEqual(taken('192.0.2.1'), [true, true, false])
  assert.deepEqual(taken('192.0.2.2'), [true, true, false])
  time.now += HOUR_MS
  assert.deepEqual(taken('192.0.2.1'), [true, true, false])
})

it('takes one network of IPv6 for one client, and the next one for another', () => {
  const count = createRegistrationBounds(() => 0, { ofClient: 1 })
  assert.equal(count('2001:db8::1', 1), true)
  assert.equal(count('2001:db8::ffff:1', 1), false)
  assert.equal(count('2001:db8:0:0:5::1', 1), false)
  assert.equal(count('2001:db8:0:1::1', 1), true)
  assert.equal(count('::1', 1), true)
})

it('takes so many an hour for a service, from however many clients', () => {
  const count = createRegistrationBounds(() => 0, { ofService: 3 })
  const taken = [1, 2, 3, 4].map((last) => count(`192.0.2.${last}`, 7))
  assert.deepEqual(taken, [true, true, true, false])
  assert.equal(count('192.0.2.9', 8), true)
})
