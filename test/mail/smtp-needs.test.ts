import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readEhlo } from '../../src/mail/ehlo.ts'
import { lacking, mailParameters, smtpNeeds } from '../../src/mail/smtp-needs.ts'

const offers = (...names: string[]) => readEhlo(['250-mx', ...names.map((name) => `250-${name}`)].join('\n'))
const needsOf = (raw: string, to = 'taro@example.com', declared = true) =>
  smtpNeeds({ from: 'news@example.com', to, declared }, Buffer.from(raw))

describe('what a message needs', () => {
  it('is SMTPUTF8 for an address or a header beyond ASCII, 8BITMIME for a body', () => {
    for (const [raw, to, utf8, eightBit, eightBitBody] of [
      ['a: b\r\n\r\nc', 'taro@example.com', undefined, false, false],
      ['a: b\r\n\r\nc', '太郎@example.com', 'address', false, false],
      ['a: 件\r\n\r\nc', 'taro@example.com', 'header', true, false],
      ['a: b\r\n\r\n本', 'taro@example.com', undefined, true, true],
      ['a: 件\r\n\r\n本', 'taro@example.com', 'header', true, true],
      ['a: 件', 'taro@example.com', 'header', true, false],
      ['\r\n本\r\n\r\n', 'taro@example.com', undefined, true, true],
    ] as const) {
      const octets = Buffer.byteLength(raw)
      assert.deepEqual(needsOf(raw, to), { utf8, eightBit, eightBitBody, octets }, raw)
    }
  })

  it('is 8BITMIME alone for a header beyond ASCII that nobody declared, or that is no UTF-8', () => {
    const undeclared = needsOf('a: 件\r\n\r\nc', 'taro@example.com', false)
    const shiftJis = smtpNeeds(
      { from: 'news@example.com', to: 'taro@example.com', declared: true },
      Buffer.from('a: \x8c\x8f\r\n\r\nc', 'latin1'),
    )
    for (const { utf8, eightBitBody } of [undeclared, shiftJis]) {
      assert.deepEqual([utf8, eightBitBody], [undefined, true])
    }
  })

  it('is said at MAIL, as far as the server knows it', () => {
    const needs = needsOf('a: 件\r\n\r\n本', '太郎@example.com')
    assert.equal(
      mailParameters(offers('SMTPUTF8', '8BITMIME', 'SIZE'), needs),
      ` SMTPUTF8 BODY=8BITMIME SIZE=${needs.octets}`,
    )
    assert.equal(mailParameters(offers('SMTPUTF8'), needs), ' SMTPUTF8')
    assert.equal(mailParameters(offers('SMTPUTF8', '8BITMIME', 'SIZE 9'), needsOf('a: b')), ' SIZE=4')
  })

  it('is refused by the codes of RFC 6531, RFC 6152 and RFC 1870 where the server lacks it', () => {
    const codeOf = (needs: ReturnType<typeof needsOf>, ...names: string[]) => {
      const reply = lacking(offers(...names), needs)
      return reply && [reply.code, reply.enhanced]
    }
    const address = needsOf('a: b', '太郎@example.com')
    const header = needsOf('a: 件\r\n\r\n')
    const body = needsOf('a: b\r\n\r\n本')
    assert.deepEqual(codeOf(address, '8BITMIME'), [553, '5.6.7'])
    assert.deepEqual(codeOf(header, '8BITMIME'), [550, '5.6.7'])
    assert.deepEqual(codeOf(body, 'SMTPUTF8'), [554, '5.6.3'])
    assert.deepEqual(codeOf(needsOf('12345'), 'SIZE 4'), [552, '5.3.4'])
    for (const needs of [address, header, body, needsOf('12345')]) {
      assert.equal(codeOf(needs, 'SMTPUTF8', '8BITMIME', 'SIZE 50'), undefined)
    }
    assert.equal(codeOf(needsOf('a: b')), undefined)
  })
})
