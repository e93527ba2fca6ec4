import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isClassId, newClassId } from '../../src/kernel/ids.ts'

it('makes class ids of 16 characters that use the whole alphabet and do not repeat', () => {
  const ids = Array.from({ length: 1000 }, newClassId)
  for (const id of ids) assert.match(id, /^[a-z2-7]{16}$/)
  assert.equal(new Set(ids).size, 1000)
  assert.equal(new Set(ids.join('')).size, 32)
})

it('knows a class id by its shape', () => {
  assert.ok(isClassId(newClassId()))
  assert.ok(isClassId('abcdefghij234567'))
  for (const text of [
    '',
    'abcdefghij23456',
    'abcdefghij2345677',
    'ABCDEFGHIJ234567',
    'abcdefghij234561',
    'abcdefghij234567\n',
  ]) {
    assert.equal(isClassId(text), false, JSON.stringify(text))
  }
})
