import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PROBLEMS, toProblem } from '../../../src/dialects/native/errors.ts'
import { DOMAIN_ERROR_CODES, DomainError } from '../../../src/kernel/domain-error.ts'
import { Mistakes } from '../../../src/kernel/mistakes.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'

test('every code of the domain has a status of its kind, and stands in the README', () => {
  const readme = readFileSync(new URL('../../../src/dialects/native/README.md', import.meta.url), 'utf8')
  for (const code of DOMAIN_ERROR_CODES) {
    const { status } = PROBLEMS[code]
    assert.ok(code === 'unavailable' || code === 'internal' ? status >= 500 : status >= 400 && status < 500)
    assert.ok(readme.includes(`| \`${code}\` | ${status} |`), code)
  }
})

test('a thousand mistakes are told by their first hundred', () => {
  const mistake = new DomainError('invalid-value', 'is wrong', { field: 'x' })
  assert.equal(toProblem(new Mistakes(mistake, Array(999).fill(mistake))).errors?.length, 100)
})

test('of a database that is away nothing is promised that a delivery does not keep', () => {
  const { code, detail } = toProblem(new DatabaseUnavailable('secret host'))
  assert.deepEqual([code, /requestId/.test(detail), /harm/.test(detail)], ['unavailable', true, false])
})

test('a single mistake is not listed once more', () => {
  assert.deepEqual(toProblem(new DomainError('wrong-state', 'is over')), {
    type: 'urn:kaijo:problem:wrong-state',
    title: 'Not possible in this state',
    status: 409,
    code: 'wrong-state',
    detail: 'is over',
  })
})
