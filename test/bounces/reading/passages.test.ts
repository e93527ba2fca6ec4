import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classifyPassage } from '../../../src/bounces/judging/text-verdict.ts'
import { tellApart } from '../../../src/bounces/reading/passages.ts'
import { findRecipientLines } from '../../../src/bounces/reading/recipient-lines.ts'

const LISTED = Array.from({ length: 1_000 }, (_, index) => `<o${index}@x${index}.example.com>`)

describe('what a report in words says of each recipient', () => {
  it('is what stands behind its own address', () => {
    const lines = '<a@example.jp>:\n550 no such user\n\n<b@example.jp>:\n552 mailbox full'.split('\n')
    assert.deepEqual(reasonsOf(lines), ['user-unknown', 'mailbox-full'])
  })

  it('is what stands below a list of them, which is judged once for all', () => {
    const lines = [
      ...LISTED,
      '',
      ...Array.from({ length: 3_900 }, () => '550 xxx user account zzzz '.repeat(4)),
    ]
    const { passages, characters } = workOn(lines)
    assert.ok(passages < 250, `${passages} passages`)
    assert.ok(characters < 1_500_000, `${characters} characters`)
    assert.deepEqual(reasonsOf([...LISTED.slice(0, 50), '', 'user unknown']), Array(50).fill('user-unknown'))
  })

  it('is looked for in a bounded number of characters, whatever each is named with', () => {
    const words = 'user mailbox account '.repeat(24)
    const own = LISTED.flatMap((address) => [`${address}:`, words, ''])
    const shared = [...LISTED, '', ...Array.from({ length: 40 }, () => `${LISTED.join(' ')} ${words}`)]
    for (const lines of [own, shared]) {
      const { passages, characters } = workOn(lines)
      assert.ok(passages < 500, `${passages} passages`)
      assert.ok(characters < 5_000_000, `${characters} characters`)
    }
  })

  it('is nothing where too many came before, and none of them is left out', () => {
    const reasons = reasonsOf(LISTED.flatMap((address) => [`${address}:`, '550 no such user', '']))
    assert.equal(reasons.length, 1_000)
    assert.deepEqual([...new Set(reasons.slice(0, 100))], ['user-unknown'])
    assert.deepEqual([...new Set(reasons.slice(100))], ['unknown'])
  })
})

function marksOf(lines: readonly string[]) {
  return findRecipientLines(
    lines,
    [],
    () => false,
    () => true,
  )
}

function reasonsOf(lines: readonly string[]): string[] {
  return tellApart(marksOf(lines), lines, (passage) => classifyPassage(passage)).map(({ reason }) => reason)
}

/** Of a judge who never understands anything. */
function workOn(lines: readonly string[]): { passages: number; characters: number } {
  const work = { passages: 0, characters: 0 }
  tellApart(marksOf(lines), lines, (passage) => {
    work.passages += 1
    work.characters += passage.join('\n').length
    return classifyPassage([])
  })
  return work
}
