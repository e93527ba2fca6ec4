import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileContent, rawContent } from '../../../src/delivery/content/content.ts'
import { listFinder } from '../../../src/delivery/decide/applicable-lists.ts'
import { encodeHeaderText, textField } from '../../../src/mail/encoded-word.ts'
import type { Filter } from '../../../src/tenants/filter.ts'
import { fc, runs } from '../../support/properties.ts'

const valuesIn = (head: string, name: string) =>
  rawContent(Buffer.from(`${head}\r\n\r\nbody\r\n`)).headerValues(name, {})

describe('what a filter matches of a whole message', () => {
  const cases: [what: string, head: string, values: string[]][] = [
    ['a plain value', 'X-List: a', ['a']],
    ['a value of another spelling of the name', 'x-LIST: a', ['a']],
    ['a name with blanks before the colon', 'X-List : a', ['a']],
    ['each value of a header that occurs several times', 'X-List: a\r\nX-Other: x\r\nx-list: b', ['a', 'b']],
    ['blanks around the value', 'X-List: \t a b \t', ['a b']],
    ['a folded value', 'X-List: a\r\n b', ['a b']],
    ['a value that begins on the next line', 'X-List:\r\n a', ['a']],
    ['a fold by TAB', 'X-List: a\r\n\tb', ['a b']],
    ['lines that end in LF alone', 'X-List: a\n b\nX-Other: x', ['a b']],
    ['an empty value', 'X-List:', ['']],
    ['no value at all', 'X-Other: a', []],
    ['raw UTF-8', 'X-List: 配信リスト', ['配信リスト']],
    ['Base64 in UTF-8', 'X-List: =?UTF-8?B?6YWN5L+h?=', ['配信']],
    ['Quoted-Printable in UTF-8', 'X-List: =?utf-8?q?=E9=85=8D_a?=', ['配 a']],
    ['ISO-2022-JP', 'X-List: =?ISO-2022-JP?B?GyRCRnxLXDhsGyhC?=', ['日本語']],
    ['Shift_JIS', 'X-List: =?Shift_JIS?B?k/qWew==?=', ['日本']],
    ['EUC-JP with a language (RFC 2231)', 'X-List: =?EUC-JP*ja?B?xvzL3A==?=', ['日本']],
    ['ISO-8859-1', 'X-List: =?iso-8859-1?Q?caf=E9?=', ['café']],
    ['words that follow each other', 'X-List: =?utf-8?B?6YWN?= =?utf-8?B?5L+h?=', ['配信']],
    ['words on several lines', 'X-List: =?utf-8?B?6YWN?=\r\n =?utf-8?B?5L+h?=\r\n a', ['配信 a']],
    ['a character cut between two words', 'X-List: =?utf-8?Q?=E9=85?=\r\n =?utf-8?Q?=8D?=', ['配']],
    [
      'ISO-2022-JP cut between two words',
      'X-List: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n =?iso-2022-jp?B?GyRCOGwbKEI=?=',
      ['日本語'],
    ],
    ['words beside plain text', 'X-List: a =?utf-8?B?6YWN?= <b>', ['a 配 <b>']],
    ['blanks at the ends of a word', 'X-List: =?utf-8?Q?_a_?=', ['a']],
    ['what only looks like a word', 'X-List: =?utf-8?B?6YWN', ['=?utf-8?B?6YWN']],
  ]
  for (const [what, head, values] of cases) {
    it(`is ${what}`, () => assert.deepEqual(valuesIn(head, 'X-List'), values))
  }

  it('is what was encoded, however it was folded', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
      .map((drawn) => drawn.replace(/[\p{Cc}\p{Zs}]+/gu, ' ').trim())
      .filter((drawn) => drawn !== '' && drawn.isWellFormed())
    fc.assert(
      fc.property(text, (given) => {
        const head = textField('X-List', given).raw.trimEnd()
        assert.deepEqual(valuesIn(head, 'x-list'), [given])
        const composed = compileContent({
          from: { address: 'a@example.com' },
          subject: '',
          headers: { 'X-List': encodeHeaderText(given).replaceAll('{', '\\u007b') },
        })
        if (!given.includes('{')) assert.deepEqual(composed.headerValues('X-LIST', {}), [given])
      }),
      { numRuns: runs(300) },
    )
  })
})

describe('filters', () => {
  const filter = (listId: number, given: Partial<Filter>): Filter => ({
    ...{ listId, classId: `c${listId}`, name: `f${listId}`, position: listId },
    ...{ header: 'X-List', pattern: 'a', match: 'exact' },
    ...given,
  })
  const lists = (filters: Filter[]) => ({
    lists: new Map(
      filters.map(({ listId, name, classId }) => [
        listId,
        {
          ...{ id: listId, serviceId: 1, kind: 'filter' as const, label: name, classId },
          ...{ lifetimeMs: null, takesOpaque: false, archived: false },
        },
      ]),
    ),
    service: { settings: { automaticExclusion: true } },
    senders: new Map(),
    filters,
    everyMail: [],
  })
  const mail = (headers: Record<string, string>) =>
    compileContent({ from: { address: 'a@example.com' }, subject: 's', headers })

  it('apply all, and the first one names the link', () => {
    const filters = [
      filter(1, { pattern: 'b' }),
      filter(2, { pattern: '^a', match: 'regex' }),
      filter(3, {}),
      filter(4, { header: 'subject', pattern: 's' }),
    ]
    const found = listFinder(lists(filters), 'a@example.com', mail({ 'X-List': 'a' }))({})
    assert.deepEqual(found.ids, [2, 3, 4])
    assert.equal(found.stamped?.id, 2)
  })

  it('look at any of the values of a header that occurs several times', () => {
    const raw = rawContent(Buffer.from('X-List: b\r\nX-List: a\r\n\r\n'))
    assert.deepEqual(listFinder(lists([filter(1, {})]), 'a@example.com', raw)({}).ids, [1])
  })

  it('decide for each recipient where the header holds a placeholder', () => {
    const find = listFinder(lists([filter(1, {})]), 'a@example.com', mail({ 'x-list': '{{list}}' }))
    assert.deepEqual(find({ list: 'a' }).ids, [1])
    assert.deepEqual(find({ list: 'b' }).ids, [])
    assert.deepEqual(find({ list: '=?utf-8?Q?a?=' }).ids, [1])
  })
})
