import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { senderPath, smtpPath } from '../../src/mail/smtp-path.ts'

describe('an address between the brackets of SMTP', () => {
  it('keeps its local part, in quotes where SMTP wants them, at the domain of the DNS', () => {
    for (const [address, path] of [
      ['Taro+tag@Example.COM.', 'Taro+tag@example.com'],
      ['<taro@example.com>', 'taro@example.com'],
      ['"a b"@example.com', '"a b"@example.com'],
      ['abc..def@docomo.ne.jp', '"abc..def"@docomo.ne.jp'],
      ['abc.@ezweb.ne.jp', '"abc."@ezweb.ne.jp'],
      ['.abc@ezweb.ne.jp', '".abc"@ezweb.ne.jp'],
      ['太郎@例え.jp', '太郎@xn--r8jz45g.jp'],
    ] as const) {
      assert.equal(smtpPath(address), path)
      assert.equal(senderPath(address), path)
    }
  })

  it('is none where it would say more than an address', () => {
    for (const text of [
      'a@b.example> SIZE=1',
      'a@b.example\r\nRSET',
      '"<a@b.example>"@c.example',
      'a b@c.example',
    ]) {
      assert.equal(smtpPath(text), undefined)
      assert.equal(senderPath(text), undefined)
    }
  })

  it('may be empty, or at a host without a name outside, for a sender alone', () => {
    for (const sender of ['', 'root@localhost', 'b-abc@mx_1', 'a@[127.0.0.1]', 'a@[IPv6:::1]']) {
      assert.equal(smtpPath(sender), undefined)
      assert.equal(senderPath(sender), sender === 'b-abc@mx_1' ? undefined : sender)
    }
  })
})
