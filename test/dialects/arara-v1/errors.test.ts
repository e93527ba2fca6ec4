import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { ANSWERS, toRefusal, WRONG_METHOD } from '../../../src/dialects/arara-v1/errors.ts'
import { DomainError } from '../../../src/kernel/domain-error.ts'
import { Mistakes } from '../../../src/kernel/mistakes.ts'
import { DatabaseUnavailable } from '../../../src/storage/database-errors.ts'

it('every code stands in the README with its status and kind, and no other', () => {
  const readme = readFileSync(new URL('../../../src/dialects/arara-v1/README.md', import.meta.url), 'utf8')
  const rows = [...readme.matchAll(/^\| (\d{3}) \| `(\w+)` \| (\d{4}) \|/gm)].map(([, ...row]) =>
    row.join(' '),
  )
  const answers = Object.values(ANSWERS).map(({ status, kind, code }) => `${status} ${kind} ${code}`)
  const own = WRONG_METHOD.errors.map(({ kind, code }) => `${WRONG_METHOD.status} ${kind} ${code}`)
  assert.deepEqual(rows.toSorted(), [...new Set([...answers, ...own])].toSorted())
})

it('all mistakes of a request are told', () => {
  const { errors } = toRefusal(
    new Mistakes(new DomainError('invalid-value', 'is needed', { field: 'year' }), [
      new DomainError('unknown-field', 'there is no field x', { field: 'x' }),
    ]),
  )
  assert.deepEqual(
    errors.map(({ code, message }) => [code, message]),
    [
      ['0301', '値が正しくありません。 (year: is needed)'],
      ['0302', '不明な要素があります。 (x: there is no field x)'],
    ],
  )
})

it('failures of our own tell nothing of their cause', () => {
  for (const error of [
    new Error('secret'),
    new DatabaseUnavailable('secret'),
    new DomainError('internal', 'secret'),
  ]) {
    const refusal = toRefusal(error)
    assert.equal(refusal.status, 500)
    assert.doesNotMatch(JSON.stringify(refusal), /secret/)
  }
})
