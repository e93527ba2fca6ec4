import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Keyring } from '../../src/kernel/keyring.ts'
import { createLinks, messageIdOf } from '../../src/tokens/link.ts'
import { composedMessageId, type TokenContent } from '../../src/tokens/payload.ts'

const CLASS_ID = 'abcdefghijklmnop'
const SENDER = { kind: 'sender', label: 'News@例え.jp', classId: CLASS_ID } as const
const FILTER = { kind: 'filter', label: '配信リストA', classId: CLASS_ID } as const
const DOMAIN = 'xn--r8jz45g.jp'

const keyring = new Keyring([{ id: '0a0b0c', bytes: Buffer.alloc(32, 1) }])
const links = createLinks({
  keyring,
  publicUrl: 'https://u.example.com/stop',
  inboundDomain: 'in.example.com',
})

function mailOfOurs(domain: string): TokenContent {
  const message = { kind: 'ours', deliveryId: 12_345, bucket: 17, id: 1_234_577, domain } as const
  return { recipient: 'taro@example.com', mintedAt: Date.UTC(2026, 9, 1), message }
}

function opened(url: string): TokenContent {
  const [, token = ''] = /^https:\/\/u\.example\.com\/stop\/abcdefghijklmnop\/-(.+)$/.exec(url) ?? []
  const result = links.open(CLASS_ID, token)
  assert.ok(result.ok)
  return result
}

describe('a link', () => {
  it('is the base URL of its list, the mark and the token, as a URL and as a mail', () => {
    const { url, mailto } = links.make(SENDER, mailOfOurs(DOMAIN))
    const base = links.baseUrl(SENDER)
    assert.equal(base, `https://u.example.com/stop/${CLASS_ID}`)
    assert.ok(url.startsWith(`${base}/-`))
    const token = url.slice(base.length + 2)
    assert.equal(mailto, `mailto:unsub@in.example.com?subject=${CLASS_ID}/-${token}`)
  })

  it('is no mail where no inbound domain is configured', () => {
    const plain = createLinks({ keyring, publicUrl: 'https://u.example.com' })
    assert.equal(plain.make(SENDER, mailOfOurs(DOMAIN)).mailto, undefined)
  })

  it('adds some seventy characters to the base URL for an ordinary mail of ours', () => {
    const { url } = links.make(SENDER, mailOfOurs(DOMAIN))
    const length = url.length - links.baseUrl(SENDER).length - 2
    assert.ok(length >= 60 && length < 80, `${length}`)
  })

  it('leads back to the Message-ID of a mail of ours, whatever the domain and the list', () => {
    for (const list of [SENDER, FILTER]) {
      for (const domain of [DOMAIN, 'mail.example.com']) {
        const { message } = opened(links.make(list, mailOfOurs(domain)).url)
        assert.ok(message)
        assert.equal(messageIdOf(list, message), composedMessageId(12_345, 1_234_577, domain))
      }
    }
  })

  it('leaves the domain of its sender out', () => {
    const short = opened(links.make(SENDER, mailOfOurs(DOMAIN)).url)
    assert.deepEqual(short, { ...short, message: { ...mailOfOurs('').message } })
    assert.ok(
      links.make(SENDER, mailOfOurs(DOMAIN)).url.length < links.make(FILTER, mailOfOurs(DOMAIN)).url.length,
    )
  })

  it('keeps someone else’s Message-ID as it is', () => {
    const message = { kind: 'foreign', messageId: '20261001.日本@client.example' } as const
    const content = { recipient: 'taro@example.com', mintedAt: 0, message }
    assert.deepEqual(opened(links.make(SENDER, content).url).message, message)
    assert.equal(messageIdOf(SENDER, message), message.messageId)
  })

  it('can be about no message at all', () => {
    const content = { recipient: 'taro@example.com', mintedAt: 0, message: null }
    assert.equal(opened(links.make(SENDER, content).url).message, null)
  })

  it('cannot be made for a list that nobody can leave', () => {
    const bounces = { kind: 'hard-bounces', label: 'hard-bounces', classId: null } as const
    assert.throws(() => links.make(bounces, mailOfOurs(DOMAIN)), RangeError)
  })
})
