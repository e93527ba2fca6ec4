import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { signHeaders } from '../../src/mail/dkim.ts'
import { bodyHash } from '../../src/mail/dkim-body.ts'
import {
  type DkimAlgorithm,
  type DkimKeyPair,
  dkimRecord,
  generateDkimKey,
  txtStrings,
} from '../../src/mail/dkim-keys.ts'
import { joinMessage, parseHeaderBlock, prependFields, splitMessage } from '../../src/mail/header-block.ts'
import { fc, runs } from '../support/properties.ts'

const keys: Record<DkimAlgorithm, DkimKeyPair> = {
  'rsa-sha256': await generateDkimKey('rsa-sha256'),
  'ed25519-sha256': await generateDkimKey('ed25519-sha256'),
}
const algorithms = Object.keys(keys) as DkimAlgorithm[]
const time = Date.UTC(2026, 8, 1)

const message = [
  'Received: from somewhere',
  'From: =?UTF-8?B?44GK?= <news@example.com>',
  'To: a@b.c',
  'Subject:   a  long',
  '\tfolded   subject  ',
  'Date: Tue, 01 Sep 2026 00:00:00 +0000',
  'Message-ID: <1@example.com>',
  'List-Unsubscribe: <https://kaijo.example/abc/-t>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  '',
  'line one  \t',
  '  two \t words',
  '',
  '',
].join('\r\n')

async function signed(raw: Buffer, ...algorithms: DkimAlgorithm[]): Promise<Buffer> {
  const { head, body } = splitMessage(raw)
  const fields = parseHeaderBlock(head)
  const signers = algorithms.map((algorithm) => signerOf(algorithm))
  const signatures = await signHeaders({ fields, bodyHash: bodyHash(body), time }, signers)
  return joinMessage(prependFields(fields, ...signatures), body)
}

const signerOf = (algorithm: DkimAlgorithm) => ({
  domain: 'example.com',
  selector: algorithm,
  privateKey: keys[algorithm].privateKey,
})

/** What an independent verifier says of each signature, top to bottom; DNS is the records of our own keys. */
async function verdicts(raw: Buffer): Promise<string[]> {
  const { results } = await dkimVerify(raw, {
    strict: true,
    curTime: new Date(time),
    resolver: async (name) => {
      const algorithm = algorithms.find((known) => name === `${known}._domainkey.example.com`)
      return algorithm === undefined ? [] : [txtStrings(dkimRecord(keys[algorithm].publicKey))]
    },
  })
  return results.map(({ status }) =>
    status.comment ? `${status.result} (${status.comment})` : status.result,
  )
}

const verdictOn = async (raw: string, ...by: DkimAlgorithm[]) =>
  verdicts(await signed(Buffer.from(raw, 'latin1'), ...(by.length > 0 ? by : ['ed25519-sha256' as const])))

describe('an independent verifier accepts', () => {
  for (const algorithm of algorithms) {
    test(`what is signed with ${algorithm}`, async () =>
      assert.deepEqual(await verdictOn(message, algorithm), ['pass']))
  }

  test('two signatures on one message', async () => {
    assert.deepEqual(await verdictOn(message, 'rsa-sha256', 'ed25519-sha256'), ['pass', 'pass'])
  })

  test('a message with LF lines, also after a relay made them CRLF', async () => {
    const raw = await signed(Buffer.from(message.replaceAll('\r\n', '\n')), 'rsa-sha256')
    assert.deepEqual(await verdicts(raw), ['pass'])
    assert.deepEqual(await verdicts(Buffer.from(raw.toString().replace(/\r?\n/g, '\r\n'))), ['pass'])
  })

  for (const [kind, body] of [
    ['an empty body', ''],
    ['a body of line breaks and blanks', '\r\n \r\n\t\r\n\r\n'],
    ['a body without a last line break', 'no end'],
    ['a body that ends in blanks', 'end \t'],
    ['an 8-bit body', '\xe3\x81\x82 \xff\x00\r\n'],
    ['a bare CR in the body', 'a\rb\r\r\n'],
  ] as const) {
    test(kind, async () => assert.deepEqual(await verdictOn(`From: a@example.com\r\n\r\n${body}`), ['pass']))
  }

  test('long folded, 8-bit, repeated and malformed header lines', async () => {
    const long = Array.from({ length: 60 }, (_, n) => `user${n}@example.net`).join(',\r\n \t ')
    const head = `To: ${long}\r\nsubject \t:\xe3\x81\x82\r\n x \r\nSubject: again\r\nX-Unsigned: x\r\nno colon\r\nCc:\r\nFrom: a@example.com\r\n`
    assert.deepEqual(await verdictOn(`${head}\r\nbody`), ['pass'])
  })

  test('a message that a relay folded anew and put Received on', async () => {
    const raw = (await signed(Buffer.from(message), 'rsa-sha256')).toString()
    const relayed = raw.replace('Subject:   a  long\r\n\tfolded', 'SUBJECT: a long folded')
    assert.notEqual(relayed, raw)
    assert.deepEqual(await verdicts(Buffer.from(`Received: by relay\r\n${relayed}`)), ['pass'])
  })

  test('whatever the head and body consist of', async () => {
    const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
    const inLine = byte.filter((octet) => octet !== '\r' && octet !== '\n')
    const name = fc.constantFrom('Subject', 'to', 'CC', 'List-Unsubscribe', 'X-Other', 'From ')
    const fold = fc.constantFrom('\r\n ', '\n\t', '  ', '\t ')
    const value = fc
      .array(fc.oneof(inLine, inLine, inLine, fold), { maxLength: 60 })
      .map((parts) => parts.join(''))
    const field = fc.tuple(name, value).map(([key, text]) => `${key}:${text}x\r\n`)
    const body = fc
      .array(fc.oneof(byte, fc.constantFrom('\r\n', '\n', '\r', ' ', '\t', ' \r\n')), { maxLength: 80 })
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 6 }), body, async (fields, text) => {
        assert.deepEqual(await verdictOn(`From: a@example.com\r\n${fields.join('')}\r\n${text}`), ['pass'])
      }),
      { numRuns: runs(200) },
    )
  })
})

describe('the signature breaks when', () => {
  const changes: [what: string, change: (raw: string) => string][] = [
    ['List-Unsubscribe is changed', (raw) => raw.replace('/abc/-t>', '/abc/-u>')],
    ['List-Unsubscribe-Post is changed', (raw) => raw.replace('=One-Click', '=Two-Click')],
    ['List-Unsubscribe is removed', (raw) => raw.replace(/List-Unsubscribe: .*\r\n/, '')],
    ['List-Unsubscribe-Post is removed', (raw) => raw.replace(/List-Unsubscribe-Post: .*\r\n/, '')],
    ['a second List-Unsubscribe is put on top', (raw) => `List-Unsubscribe: <https://evil/>\r\n${raw}`],
    [
      'a second List-Unsubscribe is put below',
      (raw) => raw.replace('\r\n\r\n', '\r\nList-Unsubscribe: <https://evil/>\r\n\r\n'),
    ],
    [
      'a second List-Unsubscribe-Post is added',
      (raw) => `list-unsubscribe-post: List-Unsubscribe=One-Click\r\n${raw}`,
    ],
    ['a second Subject is added', (raw) => `Subject: evil\r\n${raw}`],
    ['a second From is added', (raw) => `From: evil@example.com\r\n${raw}`],
    ['the body is changed', (raw) => raw.replace('line one', 'line two')],
    ['the body is longer', (raw) => `${raw}more`],
  ]
  for (const [what, change] of changes) {
    for (const algorithm of algorithms) {
      test(`${what} (${algorithm})`, async () => {
        const raw = (await signed(Buffer.from(message), algorithm)).toString('latin1')
        const changed = change(raw)
        assert.notEqual(changed, raw)
        assert.doesNotMatch((await verdicts(Buffer.from(changed, 'latin1')))[0] ?? '', /^pass/)
      })
    }
  }

  test('either list header is added to a message that had none', async () => {
    const raw = await signed(Buffer.from('From: a@example.com\r\nSubject: s\r\n\r\nbody'), 'rsa-sha256')
    assert.deepEqual(await verdicts(raw), ['pass'])
    for (const added of [
      'List-Unsubscribe: <https://evil/>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ]) {
      assert.doesNotMatch((await verdicts(Buffer.from(`${added}\r\n${raw}`)))[0] ?? '', /^pass/)
    }
  })
})

describe('the DKIM-Signature field', () => {
  const sign = async (
    change: object = {},
    fields = parseHeaderBlock(splitMessage(Buffer.from(message)).head),
  ) => {
    const signer = { ...signerOf('rsa-sha256'), ...change }
    const [field] = await signHeaders({ fields, bodyHash: bodyHash(Buffer.alloc(0)), time: 1_500 }, [signer])
    return field ?? assert.fail()
  }

  test('names every signed field, oversigns four and ends with the two list headers', async () => {
    const { value } = await sign()
    const names = / h=([^;]*);/.exec(value)?.[1]?.replace(/\s/g, '').split(':') ?? []
    assert.deepEqual(names, [
      ...['From', 'From', 'To', 'Subject', 'Subject', 'Date', 'Message-ID'],
      ...['List-Unsubscribe', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Unsubscribe-Post'],
    ])
  })

  test('carries whole seconds and no l=, x= or i=', async () => {
    const tags = (await sign()).value.split(';').map((tag) => tag.trim().split('=')[0])
    assert.deepEqual(tags, ['v', 'a', 'c', 'd', 's', 't', 'bh', 'h', 'b'])
    assert.match((await sign()).value, /; *t=1; /)
  })

  test('is folded to short lines that end in CRLF', async () => {
    const fields = parseHeaderBlock(Buffer.from('Subject: x\r\n'.repeat(30)))
    const { raw } = await sign({}, fields)
    assert.ok(raw.endsWith('\r\n'))
    assert.ok(
      raw
        .slice(0, -2)
        .split('\r\n')
        .every((line) => line.length <= 78 && !/[\r\n]/.test(line)),
    )
  })

  test('is refused a domain or selector that is no DNS name', async () => {
    for (const bad of ['', 'a b', 'a;b', 'a\r\nb', '-a.example', 'a..b', '例え.jp', `${'a'.repeat(64)}.jp`]) {
      await assert.rejects(sign({ domain: bad }), { code: 'invalid-value', field: 'domain' })
      await assert.rejects(sign({ selector: bad }), { code: 'invalid-value', field: 'selector' })
    }
  })
})
