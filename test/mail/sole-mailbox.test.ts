import assert from 'node:assert/strict'
import { it } from 'node:test'
import { soleMailbox } from '../../src/mail/sole-mailbox.ts'

for (const [value, address] of [
  ['news@example.com', 'news@example.com'],
  ['<news@example.com>', 'news@example.com'],
  ['News <news@example.com>', 'news@example.com'],
  ['"News, Inc <x@y.example>" <news@example.com>', 'news@example.com'],
  ['News (our (old) list) <news@example.com> (weekly)', 'news@example.com'],
  ['=?utf-8?B?44GK5bqX?= <news@example.com>', 'news@example.com'],
  ['お店 <news@example.com>', 'news@example.com'],
  ['abc..def@docomo.ne.jp', 'abc..def@docomo.ne.jp'],
  ['<news@example.com> <a@foreign.example>', undefined],
  ['a@foreign.example <news@example.com>, b@foreign.example', undefined],
  ['G:news@example.com;', undefined],
  ['G: <news@example.com>;', undefined],
  ['<news@example.com', undefined],
  ['news@example.com>', undefined],
  ['"a@foreign.example" news@example.com', undefined],
  ['News news@example.com', undefined],
  ['<news@example.com> News', undefined],
  ['', undefined],
  [`${'('.repeat(1_000_000)}<news@example.com>`, undefined],
] as const) {
  it(`reads ${address ?? 'nobody'} from ${value.slice(0, 60)}`, () => {
    assert.equal(soleMailbox(value)?.address, address)
  })
}
