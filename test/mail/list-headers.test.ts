import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { listHeaderPair, readListUnsubscribe, requireHttpsUrl } from '../../src/mail/list-headers.ts'

describe('the header pair', () => {
  test('is one bracketed URL and the One-Click argument', () => {
    assert.deepEqual(listHeaderPair({ url: 'https://mail.example.com/abc/-t0ken' }), {
      listUnsubscribe: '<https://mail.example.com/abc/-t0ken>',
      listUnsubscribePost: 'List-Unsubscribe=One-Click',
    })
  })

  test('puts mailto behind the URL', () => {
    const { listUnsubscribe } = listHeaderPair({
      url: 'https://a.example/b',
      mailto: 'mailto:u@in.example?subject=t',
    })
    assert.equal(listUnsubscribe, '<https://a.example/b>, <mailto:u@in.example?subject=t>')
  })

  test('may be plain http on one’s own desk', () => {
    assert.equal(
      listHeaderPair({ url: 'http://localhost:8080/a/-b' }).listUnsubscribe,
      '<http://localhost:8080/a/-b>',
    )
  })

  for (const bad of [
    'https://a/b>',
    'https://a/ b',
    'https://a/\r\nX: y',
    '/b',
    'javascript:x',
    'https://a/あ',
    'https://',
  ]) {
    test(`refuses ${JSON.stringify(bad)}`, () => {
      assert.throws(() => listHeaderPair({ url: bad }), { code: 'invalid-value', field: 'url' })
      assert.throws(() => listHeaderPair({ url: 'https://a/', mailto: bad }), { field: 'mailto' })
    })
  }
})

describe('a URL of a customer’s own', () => {
  test('is taken when it is https', () => {
    assert.doesNotThrow(() =>
      requireHttpsUrl('HTTPS://ocu.example.com/somepath/?a=1&b=%20', 'unsubscribeUrl'),
    )
  })

  for (const bad of [
    'http://a.example/',
    'mailto:a@b.c',
    'https://a/b c',
    'https://a/\n',
    'https://a/<b>',
    'https:',
    '',
  ]) {
    test(`is refused when it is ${JSON.stringify(bad)}, naming the field`, () => {
      assert.throws(() => requireHttpsUrl(bad, 'recipients[3].unsubscribeUrl'), {
        code: 'invalid-value',
        field: 'recipients[3].unsubscribeUrl',
      })
    })
  }
})

describe('reading a List-Unsubscribe of a message’s own finds', () => {
  const cases: [title: string, values: string[], kind: string][] = [
    ['nothing when there is no field', [], 'absent'],
    ['an https URI', ['<https://a.example/u>'], 'https'],
    ['an https URI behind a mailto', ['<mailto:u@a.example>, <https://a.example/u>'], 'https'],
    ['an https URI in any case', ['<HTTPS://A.example/u>'], 'https'],
    ['an https URI that a relay broke over lines', ['<https://a.exa \tmple/u>'], 'https'],
    ['an https URI between comments', ['(use (nested \\) this)) <https://a.example/u> (web)'], 'https'],
    [
      'an https URI after a comment behind the first',
      ['<mailto:u@a.example> (mail) , (web) <https://a.example/>'],
      'https',
    ],
    ['an https URI that holds a comma and brackets of comments', ['<https://a.example/(u),v>'], 'https'],
    ['only mailto', ['<mailto:u@a.example?subject=stop>'], 'other'],
    ['only http, which nobody may post to', ['<http://a.example/u>'], 'other'],
    [
      'an https scheme without a host to be no place to post to',
      ['<https:>, <mailto:u@a.example>'],
      'malformed',
    ],
    [
      'only what stands before an item without brackets',
      ['<mailto:u@a.example>, x, <https://a.example/u>'],
      'other',
    ],
    ['only what stands before a missing comma', ['<mailto:u@a.example> <https://a.example/u>'], 'other'],
    ['nothing to read in a URL without brackets', ['https://a.example/u'], 'malformed'],
    ['nothing to read in brackets that stay open', ['<https://a.example/u'], 'malformed'],
    ['nothing to read in a comment that stays open', ['(<https://a.example/u>'], 'malformed'],
    ['nothing to read in brackets around something else', ['<unsubscribe>'], 'malformed'],
    ['nothing to read in an empty field', [''], 'malformed'],
    ['only what the first of two fields says', ['<mailto:u@a.example>', '<https://a.example/u>'], 'other'],
  ]
  for (const [title, values, kind] of cases) {
    test(title, () => assert.equal(readListUnsubscribe(values), kind))
  }

  test('nothing slowly, however long the field is', () => {
    const started = performance.now()
    for (const piece of ['(', ')', '<', '\\', ' ', '<a:b>,']) readListUnsubscribe([piece.repeat(100_000)])
    assert.ok(performance.now() - started < 1000)
  })
})
