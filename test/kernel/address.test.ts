import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressKey, maskAddress, maskLocalPart, parseAddress } from '../../src/kernel/address.ts'
import { fc, runs } from '../support/properties.ts'

const accepted = (spellings: readonly string[]) => {
  for (const text of spellings) assert.ok(parseAddress(text), JSON.stringify(text))
}
const refused = (spellings: readonly string[]) => {
  for (const text of spellings) assert.equal(parseAddress(text), undefined, JSON.stringify(text))
}
const same = (key: string, spellings: readonly string[]) => {
  for (const text of spellings) assert.equal(addressKey(text), key, JSON.stringify(text))
}
const different = (...spellings: readonly string[]) => {
  accepted(spellings)
  assert.equal(new Set(spellings.map(addressKey)).size, spellings.length)
}

describe('parsing an address', () => {
  it('keeps the address as given beside its key and domain', () => {
    assert.deepEqual(parseAddress(' <Taro.Yamada+News@例え.JP.>\t'), {
      address: 'Taro.Yamada+News@例え.JP.',
      key: 'taro.yamada+news@xn--r8jz45g.jp',
      domain: 'xn--r8jz45g.jp',
    })
    assert.deepEqual(parseAddress('Taro@Example.COM'), {
      address: 'Taro@Example.COM',
      key: 'taro@example.com',
      domain: 'example.com',
    })
  })

  it('folds neither dots nor tags', () => {
    different(
      'taroyamada@gmail.com',
      'taro.yamada@gmail.com',
      'taro.yamada+a@gmail.com',
      'taro.yamada+b@gmail.com',
    )
  })

  it('takes old docomo and au addresses, quoted or not, for the mailboxes that they are', () => {
    same('abc..def@docomo.ne.jp', [
      'abc..def@docomo.ne.jp',
      '"abc..def"@docomo.ne.jp',
      'ABC..def@DOCOMO.NE.JP',
    ])
    same('abc.@ezweb.ne.jp', ['abc.@ezweb.ne.jp', '"abc."@ezweb.ne.jp', '"a\\bc."@ezweb.ne.jp'])
    same('.-_/?@docomo.ne.jp', ['.-_/?@docomo.ne.jp', '".-_/?"@docomo.ne.jp'])
  })

  it('keeps quotes only where the local part needs them', () => {
    same('abc@example.com', [
      'abc@example.com',
      '"abc"@example.com',
      '"A\\b\\C"@example.com',
      '<"abc"@example.com>',
    ])
    same('"a b"@example.com', ['"a b"@example.com', '"A\\ B"@example.com'])
    same('"a\\"\\\\b@c"@example.com', ['"a\\"\\\\b@c"@example.com', '"A\\"\\\\b\\@C"@example.com'])
    refused([
      'a b@example.com',
      '"a"b"@example.com',
      '"ab\\"@example.com',
      '"ab@example.com',
      'a"b"@example.com',
    ])
  })

  it('takes internationalised local parts in any normal form', () => {
    same('たろうが@example.jp', ['たろうが@example.jp', 'たろうか\u3099@example.jp'])
    same('käthe@example.de', ['KÄTHE@example.de', 'ka\u0308the@Example.de', '"KA\u0308THE"@example.de'])
    different('taro@example.jp', 'ｔａｒｏ@example.jp')
  })

  it('quotes a letter that turns into punctuation when normalised', () => {
    same('"a;b"@example.com', ['a\u037eb@example.com', '"a;b"@example.com'])
  })

  it('takes a domain in letters, in A-labels and in full-width letters for the same one', () => {
    same('user@xn--r8jz45g.jp', [
      'user@例え.jp',
      'user@xn--r8jz45g.jp',
      'user@XN--R8JZ45G.JP',
      'user@例え。ＪＰ',
      'user@例え.jp。',
    ])
    same('user@xn--fa-hia.de', ['user@faß.de', 'user@FAẞ.de'])
  })

  it('maps full-width characters in the domain alone', () => {
    refused(['user＠example.com', 'user@example＠example.com'])
    same('user@example.com', ['user@ｅｘａｍｐｌｅ．ｃｏｍ'])
  })

  it('drops one trailing dot of the domain', () => {
    same('a@example.com', ['a@example.com', 'a@example.com.'])
    refused(['a@example.com..'])
  })

  it('refuses domains that no public mail goes to', () => {
    refused([
      'user@localhost',
      'user@localhost.',
      'user@[127.0.0.1]',
      'user@[IPv6:::1]',
      'user@127.0.0.1',
      'user@1.2.3',
    ])
    refused(['user@example.１２', 'user@例え.1'])
    accepted(['user@1.2.3.example', 'user@163.com', 'user@3d.xn--p1ai'])
  })

  it('refuses malformed labels', () => {
    refused(['a@.com', 'a@b..com', 'a@-b.com', 'a@b-.com', 'a@b.-com', 'a@b.com-', 'a@b_c.com', 'a@b!c.com'])
    refused(['a@xn--.com', 'a@xn--a.com', 'a@xn--999999999.com', 'a@\u00ad.com', 'a@\u0301b.com', 'a@אa.com'])
    accepted(['a@ab--cd.com', 'a@r3---sn.example.com', `a@${'b'.repeat(63)}.com`])
    refused([`a@${'b'.repeat(64)}.com`, `a@${'例'.repeat(60)}.jp`])
  })

  it('never decodes a percent sign', () => {
    refused(['a@%41.com', 'a@example.com%2e', 'a@ex％41.com', 'a%40example.com'])
    same('a%b@example.com', ['a%b@example.com'])
  })

  it('refuses blanks, controls and lone surrogates anywhere', () => {
    for (const mark of ['\r', '\n', '\r\n', '\0', '\x7f', '\x85', '\u2028', '\ud800', '\udc00', '\u200b']) {
      const spellings = [`a${mark}b@example.com`, `"a${mark}b"@example.com`, `"a\\${mark}b"@example.com`]
      refused([...spellings, `a@exam${mark}ple.com`, `${mark}a@example.com`, `a@example.com${mark}`])
    }
    for (const blank of [' ', '\t', '\u00a0', '\u3000']) {
      refused([
        `a${blank}b@example.com`,
        `a${blank}@example.com`,
        `a@${blank}example.com`,
        `<${blank}a@example.com>`,
      ])
      same('a@example.com', [`${blank}a@example.com${blank}`])
    }
    refused(['"a\tb"@example.com', '"a\u3000b"@example.com'])
  })

  it('takes one pair of angle brackets and no display name', () => {
    same('a@example.com', ['<a@example.com>'])
    refused([
      '<<a@example.com>>',
      '<a@example.com',
      'a@example.com>',
      'Taro <a@example.com>',
      '<>',
      '<a>@example.com',
    ])
  })

  it('refuses angle brackets in quotes, with which an address cannot be said to a relay', () => {
    refused([
      '"a<b"@example.com',
      '"a>b"@example.com',
      '"\\<"@example.com',
      '"<x@other.example>"@example.com',
    ])
    refused(['"<\u0338"@example.com'])
    accepted(['\u226e@example.com'])
  })

  it('refuses what is no address at all', () => {
    refused([
      '',
      ' ',
      '@',
      'a@',
      '@example.com',
      'example.com',
      'a@b@example.com',
      'mailto:a@example.com',
      'a,b@example.com',
    ])
  })

  it('counts octets: 64 for the local part, 254 in all', () => {
    const domain = (length: number) => `${'d.'.repeat(100)}${'e'.repeat(length - 203)}.jp`
    accepted([
      `${'a'.repeat(64)}@example.com`,
      `${'あ'.repeat(21)}a@example.com`,
      `"${'a'.repeat(62)}"@example.com`,
    ])
    refused([
      `${'a'.repeat(65)}@example.com`,
      `${'あ'.repeat(22)}@example.com`,
      `"${'a'.repeat(63)}"@example.com`,
    ])
    accepted([`ab@${domain(251)}`, `ab@${domain(251)}.`, `<ab@${domain(251)}>`])
    refused([`abc@${domain(251)}`, `あ@${domain(251)}`])
  })

  it('counts the octets of the key too, which lower case and A-labels can lengthen', () => {
    accepted([`a@${'ü.'.repeat(31)}de`])
    refused([`a@${'ü.'.repeat(32)}de`])
    accepted([`${'Ⱥ'.repeat(21)}@example.com`])
    refused([`${'Ⱥ'.repeat(22)}@example.com`, `${'ⱥ'.repeat(22)}@example.com`])
  })
})

describe('the key of any text', () => {
  const atoms = [
    'a',
    'B',
    '7',
    '.',
    '-',
    '+',
    '/',
    '"',
    '\\',
    ' ',
    '@',
    '%',
    '_',
    '<',
    '>',
    'xn--',
    '\0',
    '\n',
  ]
  const foreign = [
    'é',
    'e\u0301',
    'İ',
    'Σ',
    'ß',
    'が',
    'ｶ',
    '例',
    '．',
    '＠',
    '\u037e',
    '\u0338',
    '\u200b',
    '😀',
    '\ud83d',
    'א',
    '٣',
  ]
  const piece = (units: readonly string[], maxLength: number) =>
    fc.array(fc.constantFrom(...units), { maxLength }).map((parts) => parts.join(''))
  const nearly = fc
    .tuple(
      piece([...atoms, ...foreign], 8),
      piece([...atoms, ...foreign, 'r8jz45g', 'q9jyb4c'], 6),
      fc.constantFrom('.com', '.jp.', '.例え', '.9', ''),
    )
    .map(([local, host, last]) => `${local}@${host}${last}`)
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc.tuple(fc.string({ unit: 'binary' }), fc.domain()).map(([local, domain]) => `"${local}"@${domain}`),
    nearly,
  )
  const property = (holds: (text: string) => void, of: fc.Arbitrary<string> = text) =>
    fc.assert(fc.property(of, holds), { numRuns: runs(3000) })

  it('is an address with the same key, whatever the text', () => {
    property((text) => {
      const parsed = parseAddress(text)
      if (parsed) assert.deepEqual(parseAddress(parsed.key), { ...parsed, address: parsed.key })
    })
  })

  it('is an address with the same key for every character that lower case or NFC changes', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      if (character.toLowerCase().normalize('NFC') === character) continue
      const key = addressKey(`a${character}b@example.com`)
      if (key !== undefined && addressKey(key) !== key) assert.fail(`U+${code.toString(16)}: ${key}`)
    }
  })

  it('has no ASCII capital, no blank outside quotes and its domain after the last at sign', () => {
    property((text) => {
      const parsed = parseAddress(text)
      if (!parsed) return
      assert.doesNotMatch(parsed.key, /[A-Z\p{Cc}]|^[^"].*\s/u)
      assert.equal(parsed.key.slice(parsed.key.lastIndexOf('@') + 1), parsed.domain)
      assert.equal(parsed.key, parsed.key.normalize('NFC'))
      assert.ok(Buffer.byteLength(parsed.key) <= 254)
    })
  })

  it('does not depend on the case of ASCII letters', () => {
    const upper = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
    property((text) => assert.equal(addressKey(upper(text)), addressKey(text)))
  })

  it('does not depend on the normal form of the local part', () => {
    const letters = fc.array(fc.constantFrom('é', 'Ä', 'が', 'パ', 'ώ', 'ế', '각', 'a'), {
      minLength: 1,
      maxLength: 5,
    })
    property(
      (local) =>
        assert.equal(
          addressKey(`${local.normalize('NFD')}@example.com`),
          addressKey(`${local.normalize('NFC')}@example.com`),
        ),
      letters.map((parts) => parts.join('')),
    )
  })

  it('is the same by the short way and by the long way, which angle brackets force', () => {
    const ordinary = fc
      .tuple(
        piece(['a', 'Z', '0', '.', '-', '+', '_', "'"], 6),
        piece(['a', 'Q', '5', '.', '-', '_', 'xn--', '%'], 8),
      )
      .map(([local, host]) => `${local}@${host}.com`)
    property(
      (text) => assert.deepEqual(parseAddress(text), parseAddress(`<${text}>`)),
      fc.oneof(ordinary, fc.emailAddress()),
    )
  })
})

describe('masking an address', () => {
  it('shows one letter of the local part, and none of a short or quoted one', () => {
    assert.equal(maskAddress('taro@example.com'), 't***@example.com')
    assert.equal(maskAddress('太郎丸@例え.jp'), '太***@例え.jp')
    assert.equal(maskAddress('ta@example.com'), '***@example.com')
    assert.equal(maskAddress('t@example.com'), '***@example.com')
    assert.equal(maskAddress('"t a@r"@example.com'), '***@example.com')
  })

  it('hides a text without an at sign in the same way', () => {
    assert.equal(maskAddress('taro'), 't***')
    assert.equal(maskAddress(''), '***')
  })

  it('changes nothing when repeated', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (local) => {
        assert.equal(maskLocalPart(maskLocalPart(local)), maskLocalPart(local))
      }),
    )
  })
})
