import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressInTexts, asWritten } from '../../src/mail/address-in-texts.ts'
import { addressKeysIn } from '../../src/mail/mentioned-addresses.ts'

const KEY = 'taro.yamada@example.jp'
const IDN = 'taro.yamada@xn--r8jz45g.jp'
const taro = addressInTexts(asWritten(KEY))
const taroOfIdn = addressInTexts(asWritten(IDN))

describe('an address is taken out of a text', () => {
  for (const [how, text, clean] of [
    ['in any case', 'to Taro.Yamada@EXAMPLE.jp, x', 'to #, x'],
    ['in angle brackets', '<taro.yamada@example.jp>', '<#>'],
    ['in single quotes', "'taro.yamada@example.jp' is unknown", "'#' is unknown"],
    ['at the end of a sentence', 'Write to taro.yamada@example.jp.', 'Write to #.'],
    ['in a text without blanks', '宛先はtaro.yamada@example.jpです', '宛先は#です'],
    ['percent-encoded', '/x?to%3Dtaro%2Eyamada%40example.jp', '/x?to%3D#'],
    ['percent-encoded twice', 'u=taro.yamada%2540example.jp%253E', 'u=#%253E'],
    ['behind a line end in JSON', '{"a":"x\\ntaro.yamada@example.jp\\n"}', '{"a":"x\\n#\\n"}'],
    ['escaped in JSON', '\\u003ctaro.yamada\\u0040example.jp\\u003e', '\\u003c#\\u003e'],
    ['escaped in HTML', '&lt;taro.yamada&#64;example.jp&#x3e;', '&lt;#&#x3e;'],
    ['with quotes that it does not need', '<"taro.yamada"@example.jp>', '<#>'],
    ['with the at sign in full width', 'taro.yamada＠example.jp', '#'],
    [
      'as lists write it into theirs',
      'bounces+taro.yamada=example.jp@lists.example',
      'bounces+#@lists.example',
    ],
    ['before the ending of a file', 'taro.yamada@example.jp.csv', '#.csv'],
  ] as const) {
    it(how, () => {
      assert.equal(taro.without(text, '#'), clean)
      if (!how.includes('quotes that')) assert.ok(addressKeysIn(text).includes(KEY), 'and known again there')
    })
  }

  for (const text of [
    'taro.yamada@例え.jp',
    'taro.yamada@XN--R8JZ45G.jp',
    'taro.yamada%40%E4%BE%8B%E3%81%88.jp',
    'taro.yamada@\\u4f8b\\u3048.jp',
  ]) {
    it(`in whatever letters its domain stands there: ${text}`, () => {
      assert.equal(taroOfIdn.without(`<${text}>`, '#'), '<#>')
      assert.ok(addressKeysIn(text).includes(IDN))
    })
  }

  it('and no other is, of which it is a part', () => {
    for (const other of [
      'x.taro.yamada@example.jp',
      "o'taro.yamada@example.jp",
      'x+taro.yamada@example.jp',
      'x%2Btaro.yamada%40example.jp',
      'taro.yamada@example.jp.example.com',
      'taro.yamada@example.jp-x.example.com',
      'taro.yamada@example.jpx',
      'yamada@example.jp',
    ]) {
      assert.equal(taro.without(other, '#'), other)
      assert.ok(!addressKeysIn(other).includes(KEY), other)
    }
  })

  it('with what stands in its place word for word', () => {
    assert.equal(taro.without('taro.yamada@example.jp', '$& $1'), '$& $1')
  })

  it('that JSON is, which stays JSON', () => {
    const text = JSON.stringify({ [KEY]: [`"${KEY}"`, `"taro.yamada"@example.jp`, `\\${KEY}`] })
    assert.deepEqual(JSON.parse(taro.without(text, '#')), { '#': ['"#"', '#', '\\#'] })
  })

  it('that is a name of a file, whatever stands beside it', () => {
    assert.equal(taro.withoutInName('解除taro.yamada@example.jp_1.csv', '#'), '解除#_1.csv')
  })

  it('that is bytes, be it broken in two by quoted-printable', () => {
    for (const [bytes, clean] of [
      ['a taro.yama=\r\nda=40example.jp b', 'a # b'],
      ['=3Ctaro.yamada@=\r\nexample.jp=3E', '=3C#=3E'],
      ['\x00\xfftaro.yamada@example.jp\xfe', '\x00\xff#\xfe'],
    ] as const) {
      assert.equal(taro.withoutInBytes(Buffer.from(bytes, 'latin1'), '#').toString('latin1'), clean)
    }
    assert.equal(
      taroOfIdn.withoutInBytes(Buffer.from('x taro.yamada@=E4=BE=8B=E3=\r\n=81=88.jp'), '#').toString(),
      'x #',
    )
    assert.equal(
      taroOfIdn.withoutInBytes(Buffer.from('例えtaro.yamada@例え.jpへ'), '#').toString(),
      '例え#へ',
    )
  })

  it('of any length in a time that grows with it', () => {
    for (const text of ['taro.', 'taro.yamada@', '%25', '=\r\n', "'", 'yamada@example.jp-', '\\n'].map(
      (part) => part.repeat(300_000),
    )) {
      const begun = performance.now()
      taro.without(text, '#')
      taro.withoutInBytes(Buffer.from(text), '#')
      addressKeysIn(text.slice(0, 100_000))
      assert.ok(performance.now() - begun < 30_000)
    }
  })
})
