import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { readTarget } from '../../src/unsubscribe/read-target.ts'
import { fc } from '../support/properties.ts'

const CLASS = 'abcdefghij234567'
const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
const classIds = fc.stringMatching(/^[a-z2-7]{16}$/)
const tokens = fc.string({ unit: fc.constantFrom(...BASE64URL), minLength: 1, maxLength: 90 })
/** Bytes as a request line may carry them. */
const bytes = fc.string({
  unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
})

describe('a token link', () => {
  it('gives list and token', () => {
    fc.assert(
      fc.property(classIds, tokens, (classId, token) => {
        assert.deepEqual(readTarget(`/${classId}/-${token}`, ''), { kind: 'token', classId, token })
      }),
    )
  })

  const glued = [
    '?utm=1',
    '&a=b',
    '#top',
    '=',
    '==',
    '>',
    ')',
    '.',
    '/',
    '/x',
    '%3E',
    '%00',
    '"',
    '\xe3\x80\x82',
    '?'.repeat(2000),
  ]
  for (const extra of glued) {
    it(`survives ${JSON.stringify(extra.slice(0, 12))} glued to it`, () => {
      assert.deepEqual(readTarget(`/${CLASS}/-tok_-en${extra}`, ''), {
        kind: 'token',
        classId: CLASS,
        token: 'tok_-en',
      })
    })
  }

  it('is read in absolute form too', () => {
    for (const origin of ['http://u.example.com', 'HTTPS://u.example.com:8443', 'http://[::1]:80']) {
      assert.deepEqual(readTarget(`${origin}/${CLASS}/-t`, ''), { kind: 'token', classId: CLASS, token: 't' })
    }
  })
})

describe('a link with an opaque part', () => {
  it('gives every byte after base_url as it came', () => {
    fc.assert(
      fc.property(classIds, bytes, (classId, part) => {
        fc.pre(!/^\/-[\w-]/.test(part) && !part.includes('%00'))
        assert.deepEqual(readTarget(`/${classId}${part}`, ''), { kind: 'opaque', classId, part })
      }),
    )
  })

  for (const part of [
    '',
    'x',
    'abc234',
    '/',
    '/opaque=123456789',
    '?id=%E3%81%82&x',
    '/a/../b//c',
    '%2F%61',
    '/-',
    '/-/x',
    '#',
  ]) {
    it(`may be ${JSON.stringify(part)}`, () => {
      assert.deepEqual(readTarget(`/${CLASS}${part}`, ''), { kind: 'opaque', classId: CLASS, part })
    })
  }

  it('may be 1,024 bytes long and no longer', () => {
    assert.equal(readTarget(`/${CLASS}/${'x'.repeat(1023)}`, '')?.kind, 'opaque')
    assert.deepEqual(readTarget(`/${CLASS}/${'x'.repeat(1024)}`, ''), {
      kind: 'opaque-too-long',
      classId: CLASS,
    })
  })

  it('must not hold %00', () => {
    assert.deepEqual(readTarget(`/${CLASS}/a%00b`, ''), { kind: 'opaque-nul', classId: CLASS })
    assert.equal(readTarget(`/${CLASS}/a%2500b`, '')?.kind, 'opaque')
  })

  it('comes through Node’s HTTP server byte by byte', async (t) => {
    const seen: unknown[] = []
    const server = createServer((incoming, response) => {
      seen.push(readTarget(incoming.url ?? '', ''))
      response.end()
    }).listen(0, '127.0.0.1')
    t.after(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const part = '/a%2Fb/../c//?q=1&r=%00x'.replace('%00', '%01')
    await new Promise((resolve) => {
      const { port } = server.address() as AddressInfo
      request({ port, host: '127.0.0.1', path: `/${CLASS}${part}` }, (response) => {
        response.resume().on('end', resolve)
      }).end()
    })
    assert.deepEqual(seen, [{ kind: 'opaque', classId: CLASS, part }])
  })
})

describe('a resume link', () => {
  it('gives list and token', () => {
    fc.assert(
      fc.property(classIds, tokens, (classId, token) => {
        assert.deepEqual(readTarget(`/-/resume/${classId}/${token}`, ''), { kind: 'resume', classId, token })
      }),
    )
  })

  for (const target of [
    '/-/resume/',
    `/-/resume/${CLASS}`,
    `/-/resume/${CLASS}/`,
    `/-/resume/${CLASS}x/tok`,
    '/-/resume/short/tok',
  ]) {
    it(`is not ${target}`, () => assert.equal(readTarget(target, ''), undefined))
  }
})

describe('the path of the public URL', () => {
  it('stands before the class id', () => {
    assert.deepEqual(readTarget(`/mail/stop/${CLASS}/-t`, '/mail/stop'), {
      kind: 'token',
      classId: CLASS,
      token: 't',
    })
    assert.deepEqual(readTarget(`/mail/-/resume/${CLASS}/t`, '/mail'), {
      kind: 'resume',
      classId: CLASS,
      token: 't',
    })
  })

  it('may be missing, as a proxy strips it and links from before a move lack it', () => {
    assert.deepEqual(readTarget(`/${CLASS}x`, '/mail'), { kind: 'opaque', classId: CLASS, part: 'x' })
  })

  it('is matched whole and never taken for a class id', () => {
    assert.equal(readTarget(`/mailbox/${CLASS}/-t`, '/mail'), undefined)
    assert.equal(readTarget('/unsubscribemailings/healthz', '/unsubscribemailings'), undefined)
  })
})

describe('a matter for the router', () => {
  const routes = [
    '/',
    '',
    '*',
    '/healthz',
    '/readyz',
    '/metrics',
    '/console/suppressions/timeline',
    '/api/v1/services/10/suppressions/search',
    '/-/resume',
    '/unsubscribe-receivers',
    '/unsubscribe_requesters_auto',
    `/${CLASS.slice(1)}`,
    `/${CLASS.toUpperCase()}`,
    '/abcdefghij234561/-tok',
    `//${CLASS}/-tok`,
    `/%61${CLASS.slice(1)}/-tok`,
    `${CLASS}/-tok`,
    'http://u.example.com',
    `http://u.example.com?/${CLASS}`,
  ]
  for (const target of routes) {
    it(`is ${JSON.stringify(target)}`, () => assert.equal(readTarget(target, ''), undefined))
  }
})
