import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toSmtpData } from '../../src/mail/smtp-data.ts'
import { fc, runs } from '../support/properties.ts'

const said = (raw: string) => Buffer.concat(toSmtpData(Buffer.from(raw, 'latin1'))).toString('latin1')

describe('a message after DATA', () => {
  it('ends in a dot on a line of its own', () => {
    assert.equal(said('a: b\r\n\r\nc\r\n'), 'a: b\r\n\r\nc\r\n.\r\n')
    assert.equal(said('a: b'), 'a: b\r\n.\r\n')
    assert.equal(said(''), '.\r\n')
  })

  it('has dots doubled at the beginning of lines alone', () => {
    assert.equal(said('.\r\n..\r\na.b\r\n.c'), '..\r\n...\r\na.b\r\n..c\r\n.\r\n')
  })

  it('is not copied when no line begins with a dot', () => {
    const raw = Buffer.from('a: b\r\n\r\nc.d.\r\n')
    const [data] = toSmtpData(raw)
    assert.equal(data?.buffer, raw.buffer)
    assert.equal(data?.byteOffset, raw.byteOffset)
  })

  it('is read back byte for byte, and ends nowhere but at its end', () => {
    const line = fc.stringMatching(/^[.a\x80\xff]{0,4}$/)
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.boolean(), (lines, ended) => {
        const raw = lines.join('\r\n') + (ended ? '\r\n' : '')
        const data = said(raw)
        assert.equal(`\r\n${data}`.indexOf('\r\n.\r\n'), data.length - 3)
        const text = data.slice(0, -3).replace(/^\./gm, '')
        assert.equal(text, raw === '' || raw.endsWith('\r\n') ? raw : `${raw}\r\n`)
      }),
      { numRuns: runs(1_000) },
    )
  })
})
