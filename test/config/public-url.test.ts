import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parsePublicUrl } from '../../src/config/public-url.ts'

describe('the public URL', () => {
  const accepted: Array<[text: string, href: string, prefix: string]> = [
    ['https://u.example.com', 'https://u.example.com', ''],
    ['https://u.example.com:8443/', 'https://u.example.com:8443', ''],
    ['https://example.com/mail/stop/', 'https://example.com/mail/stop', '/mail/stop'],
    ['https://example.com/停止', 'https://example.com/%E5%81%9C%E6%AD%A2', '/%E5%81%9C%E6%AD%A2'],
    ['http://localhost:8080', 'http://localhost:8080', ''],
    ['http://kaijo.localhost', 'http://kaijo.localhost', ''],
    ['http://127.8.0.1:1', 'http://127.8.0.1:1', ''],
    ['http://[::1]:8080', 'http://[::1]:8080', ''],
  ]
  for (const [text, href, prefix] of accepted) {
    it(`takes ${text}`, () => assert.deepEqual(parsePublicUrl(text), { href, prefix }))
  }

  const refused: Array<[text: string, why: RegExp]> = [
    ['u.example.com', /not a URL/],
    ['ftp://u.example.com', /https/],
    ['http://u.example.com', /must begin with https/],
    ['http://127.0.0.1.example.com', /must begin with https/],
    ['http://192.168.0.1', /must begin with https/],
    ['https://me@u.example.com', /user name/],
    ['https://u.example.com/?', /query/],
    ['https://u.example.com/#', /fragment/],
    ['https://u.example.com//a', /empty segment/],
    ['https://u.example.com/a//', /empty segment/],
  ]
  for (const [text, why] of refused) {
    it(`refuses ${text}`, () => assert.throws(() => parsePublicUrl(text), why))
  }

  it('is refused for all that is wrong with it', () => {
    assert.throws(
      () => parsePublicUrl('http://me@u.example.com//?'),
      /must begin with https.*\n.*user name.*\n.*query.*\n.*empty segment/,
    )
  })
})
