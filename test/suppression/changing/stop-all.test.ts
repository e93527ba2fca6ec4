import assert from 'node:assert/strict'
import { it } from 'node:test'
import { compilerFor } from '../../../src/storage/compiler.ts'
import type { Database } from '../../../src/storage/database.ts'
import { rowSet } from '../../../src/storage/row-set.ts'
import { RECIPIENT_COLUMNS, stopAll } from '../../../src/suppression/changing/stop-all.ts'

it('putting many on a list names whatever it reads from, as PostgreSQL 15 demands', () => {
  const database = { engine: 'postgres', query: compilerFor('postgres') } as Database
  const recipients = rowSet(database, 'given', RECIPIENT_COLUMNS, [])
  const all = { listId: 1, requestedAt: 1, reason: 'test', importId: 1, at: 1 }
  for (const isNobodyListed of [true, false]) {
    const statements = stopAll(database, recipients, { ...all, isNobodyListed }, (query, written) =>
      query.updateTable('import_part').set({ changed: written }),
    )
    for (const statement of statements) assert.deepEqual(nameless(statement.compile().sql), [])
  }
})

/** What follows each `from (select …)` and `join (select …)` that is followed by no name. */
function nameless(text: string): string[] {
  const starts = [...text.matchAll(/\b(?:from|join|lateral) \((?=\s*select)/gi)].map(
    (match) => match.index + match[0].length,
  )
  const rests = starts.map((start) => {
    let at = start
    for (let depth = 1; depth > 0; at++) depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0
    return text.slice(at, at + 20)
  })
  return rests.filter((rest) => !/^ as /i.test(rest))
}
