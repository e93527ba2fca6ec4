import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkPattern, filterMatches } from '../../src/tenants/filter-match.ts'

describe('a filter', () => {
  it('equals a whole value or matches a part of one', () => {
    const exact = { pattern: '<a.example.com>', match: 'exact' } as const
    assert.equal(filterMatches(exact, ['<a.example.com>']), true)
    assert.equal(filterMatches(exact, ['other', '<a.example.com>']), true)
    assert.equal(filterMatches(exact, ['A list <a.example.com>']), false)
    assert.equal(filterMatches(exact, ['<A.example.com>']), false)
    assert.equal(filterMatches(exact, []), false)

    const regex = { pattern: '<[ab]\\.example', match: 'regex' } as const
    assert.equal(filterMatches(regex, ['A list <b.example.com>']), true)
    assert.equal(filterMatches(regex, ['A list <c.example.com>']), false)
    assert.equal(filterMatches({ pattern: '^週刊', match: 'regex' }, ['月刊', '週刊ニュース']), true)
    assert.equal(filterMatches({ pattern: '', match: 'regex' }, []), false)
  })

  it('matches any of the many patterns that there are', () => {
    for (let round = 0; round < 2; round++) {
      for (let number = 0; number < 1_100; number++) {
        const filter = { pattern: `^list-${number}$`, match: 'regex' } as const
        assert.equal(filterMatches(filter, [`list-${number}`]), true)
        assert.equal(filterMatches(filter, [`list-${number + 1}`]), false)
      }
    }
  })

  it('takes no pattern that would make each mail wait', () => {
    for (const pattern of ['.{1000}', '((.{10}){10}){10}', '(.*){600}']) {
      assert.match(String(checkPattern(pattern)), /repeats too much/)
    }
    for (const pattern of ['\\p{Han}{10}', '^[0-9]{4}-[0-9]{2}-[0-9]{2}', '\u{20bb7}'.repeat(100)]) {
      assert.equal(checkPattern(pattern), undefined)
    }
    for (const pattern of ['(', '(?=a)', '(a)\\1', '(?<!a)b']) {
      assert.match(String(checkPattern(pattern)), /is not a regular expression/)
    }
  })

  it('takes no longer for a pattern made to hang', () => {
    const started = performance.now()
    assert.equal(filterMatches({ pattern: '(a+)+$', match: 'regex' }, [`${'a'.repeat(5_000)}!`]), false)
    assert.ok(performance.now() - started < 1_000)
  })
})
