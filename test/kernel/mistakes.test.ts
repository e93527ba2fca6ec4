import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { DomainError } from '../../src/kernel/domain-error.ts'
import { type Mistakes, mistakesOf, readInput, refuseIfAny } from '../../src/kernel/mistakes.ts'

const schema = z.strictObject({
  recipients: z
    .array(z.strictObject({ to: z.string() }))
    .refine((given) => given.length < 3, { error: 'are too many', params: { code: 'too-many-recipients' } }),
  headers: z.record(z.string(), z.string()).optional(),
})

const told = (input: unknown) => {
  try {
    readInput(schema, input)
    return []
  } catch (error) {
    return mistakesOf(error as Mistakes).map(({ code, field }) => `${code} ${field}`)
  }
}

test('input that fits is answered as the schema reads it', () => {
  assert.deepEqual(readInput(schema, { recipients: [{ to: 'a' }] }), { recipients: [{ to: 'a' }] })
})

test('every mistake is told with the path of its field', () => {
  assert.deepEqual(
    told({ recipients: [{ to: 'a' }, { to: 5, cc: 1, bcc: 2 }], headers: { 'X-Tag': 5 }, more: 1 }),
    [
      'invalid-value recipients[1].to',
      'unknown-field recipients[1].cc',
      'unknown-field recipients[1].bcc',
      'invalid-value headers.X-Tag',
      'unknown-field more',
    ],
  )
  assert.deepEqual(told('text'), ['invalid-value undefined'])
})

test('what is not there is called missing, unless the schema has other words', () => {
  const both = z.object({ list: z.string(), days: z.int('must be a number') })
  const details = (input: unknown) => {
    try {
      readInput(both, input)
      return []
    } catch (error) {
      return mistakesOf(error as Mistakes).map(({ message }) => message)
    }
  }
  assert.deepEqual(details({}), ['is missing', 'must be a number'])
  assert.match(details({ list: 5, days: 1 }).join(), /expected string, received number/)
})

test('a check may name a code of its own', () => {
  assert.deepEqual(told({ recipients: [{ to: 'a' }, { to: 'b' }, { to: 'c' }] }), [
    'too-many-recipients recipients',
  ])
})

test('nothing is thrown for no mistake, and one is thrown as itself', () => {
  refuseIfAny([])
  const mistake = new DomainError('wrong-state', 'is over')
  assert.throws(
    () => refuseIfAny([mistake]),
    (error) => error === mistake,
  )
})
