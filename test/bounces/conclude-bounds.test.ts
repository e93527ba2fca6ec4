import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conclude } from '../../src/bounces/conclude.ts'
import { FORMATS } from '../../src/bounces/reading/formats/formats.ts'
import { fc, runs } from '../support/properties.ts'
import { SAMPLES } from './corpus.ts'

const MEGABYTE = 1_048_576
const HEAD = 'From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n'
const LISTED = Array.from({ length: 1_000 }, (_, index) => `<o${index}@x${index}.example.com>`).join('\n')

/** Each would take minutes, or all memory, where a step is quadratic. */
const HOSTILE: Record<string, () => string> = {
  'ten megabytes of one line': () => `${HEAD}\n${'a'.repeat(10 * MEGABYTE)}`,
  'ten megabytes of one line in the head': () => `Subject: ${'a '.repeat(5 * MEGABYTE)}\n\n`,
  'ten megabytes of line ends': () => '\n'.repeat(10 * MEGABYTE),
  'ten megabytes of CR': () => `${HEAD}\n${'\r'.repeat(10 * MEGABYTE)}`,
  'ten thousand parts': () =>
    `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: text/plain\n\nx\n'.repeat(10_000)}--b--`,
  'a thousand levels of parts': () =>
    HEAD +
    Array.from(
      { length: 1_000 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`,
    ).join(''),
  'a thousand messages in messages': () => HEAD + 'Content-Type: message/rfc822\n\n'.repeat(1_000),
  'a hundred thousand recipients': () =>
    `${HEAD}Content-Type: message/delivery-status\n\n${'Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n'.repeat(100_000)}`,
  'a hundred thousand addresses': () => `${HEAD}\n${'<a@example.org>:\n550 no\n\n'.repeat(100_000)}`,
  'a megabyte of at signs': () => `${HEAD}\n${'a@'.repeat(MEGABYTE / 2)}`,
  'a megabyte of at signs in short lines': () => `${HEAD}\n${`${'@a.'.repeat(300)}\n`.repeat(1_000)}`,
  'a megabyte of brackets': () => `${HEAD}Content-Type: text/html\n\n${'<a <b '.repeat(MEGABYTE / 6)}`,
  'a megabyte of opened comments': () =>
    `${HEAD}Content-Type: text/html\n\n${'<!-- <style>'.repeat(MEGABYTE / 12)}`,
  'a megabyte of codes': () => `${HEAD}\n<a@example.org>: ${'550 5.1.1 '.repeat(MEGABYTE / 10)}`,
  'a megabyte of words that rules begin with': () =>
    `${HEAD}\n<a@example.org>: 550 ${'recipient user mailbox account address host domain '.repeat(20_000)}`,
  'a megabyte of blanks': () => `${HEAD}\n<a@example.org>: 550${' '.repeat(MEGABYTE)}x`,
  'addresses with many blanks behind them': () => `${HEAD}\n${`a@b.cc${' '.repeat(980)}x\n`.repeat(1_000)}`,
  'addresses among other letters': () =>
    `${HEAD}\n${`宛先${'あ'.concat('a'.repeat(64)).repeat(8)}${'@b'.repeat(200)}\n`.repeat(1_000)}`,
  'a megabyte of tokens that are none': () => `${HEAD}\n${`f-${'a'.repeat(22)} `.repeat(MEGABYTE / 25)}`,
  'a long parameter': () =>
    `${HEAD}Content-Type: multipart/report; boundary="${'\\"'.repeat(MEGABYTE / 2)}\n\nx`,
  'a quoted-printable body of equal signs': () =>
    `${HEAD}Content-Transfer-Encoding: quoted-printable\n\n${'= '.repeat(MEGABYTE)}`,
  'a megabyte of braces': () => `${HEAD}\n"notificationType"${'{'.repeat(MEGABYTE)}`,
  'a thousand recipients with the words of all below them': () =>
    `${HEAD}\n${LISTED}\n\n${`${'550 xxx user account zzzz '.repeat(4)}\n`.repeat(3_900)}`,
  'a thousand recipients with many words each': () =>
    `${HEAD}\n${LISTED.replaceAll('>', `>:\n550 ${'user mailbox account '.repeat(20)}\n`)}`,
  'a megabyte of dashes': () => `${HEAD}\n${'-'.repeat(MEGABYTE)}`,
  'deep braces': () => `${HEAD}\n{"notificationType": ${'['.repeat(100_000)}`,
}

describe('any input', () => {
  for (const [name, make] of Object.entries(HOSTILE)) {
    // The tests' own limit of time holds it.
    it(`is read in bounded time: ${name}`, { timeout: 20_000 }, () => {
      const conclusion = conclude(Buffer.from(make(), 'latin1'))
      assert.ok(JSON.stringify(conclusion).length < 8 * MEGABYTE)
    })
  }

  // In quadratic time each of these would take minutes.
  it('is told by its signs in linear time', { timeout: 20_000 }, () => {
    const patterns = FORMATS.flatMap(({ signs }) => signs.flatMap(({ said, subject }) => [said, subject]))
    for (const unit of ['-', ' ', '.', 'a', '@', '-\n', ' \n', '<', '"', '(']) {
      const text = `x ${unit.repeat(300_000)}`
      for (const pattern of patterns) assert.equal(pattern?.test(text) ?? false, false)
    }
  })

  it('names a thousand recipients at most, however many reports it holds', () => {
    const fields = Array.from({ length: 1_000 }, (_, at) => `Final-Recipient: rfc822; a${at}@example.org\n\n`)
    const report = `--b\nContent-Type: message/delivery-status\n\n${fields.join('')}`
    const bounce = conclude(
      Buffer.from(`${HEAD}Content-Type: multipart/report; boundary=b\n\n${report.repeat(3)}`),
    )
    assert.equal(bounce.kind === 'bounce' && bounce.recipients.length, 1_000)
    const type = 'Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n'
    const named = fields
      .map((field) => field.replace('Final-Recipient: rfc822;', 'Original-Rcpt-To:'))
      .join('')
    const others = named.replaceAll('@', '@x.')
    const complaint = conclude(Buffer.from(`${type}${named}${others}`))
    assert.equal(complaint.kind === 'complaint' && complaint.recipients.length, 1_000)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => assert.ok(conclude(bytes).kind)),
      { numRuns: runs(300) },
    )
  })

  it('never throws for a report that was cut or damaged anywhere', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.nat(),
        fc.nat(),
        fc.uint8Array({ maxLength: 8 }),
        (sample, from, to, bytes) => {
          const { raw } = sample
          const damaged = Buffer.concat([
            raw.subarray(0, from % raw.length),
            bytes,
            raw.subarray(to % raw.length),
          ])
          assert.ok(conclude(damaged).kind)
        },
      ),
      { numRuns: runs(500) },
    )
  })
})
