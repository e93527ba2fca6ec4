import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { publicCertificateCheck } from '../../../../src/entry/cli/doctor/public-certificate.ts'
import { createServer, listen } from '../../../../src/entry/http/server.ts'
import { DAY_MS } from '../../../../src/kernel/clock.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../../../support/certificate.ts'
import { freePort } from '../../../support/free-port.ts'

const { validFromDate, validToDate } = new X509Certificate(CERTIFICATE)
const END = validToDate.getTime()

describe('the certificate of the public URL', () => {
  const times: [what: string, now: number, status: string, seen: RegExp][] = [
    ['is valid', END - 15 * DAY_MS, 'ok', /^valid until/],
    ['is about to expire', END - 13 * DAY_MS, 'warning', /^expires at/],
    ['has expired', END, 'failed', /^expired at/],
    ['is of a time to come', validFromDate.getTime() - 1, 'failed', /^not valid before/],
  ]
  for (const [what, now, status, seen] of times) {
    it(`${what}, as the server shows it`, async (t) => {
      const certificate = { cert: Buffer.from(CERTIFICATE), key: Buffer.from(CERTIFICATE_KEY) }
      const listener = await listen(
        createServer(() => {}, certificate),
        { host: '127.0.0.1', port: 0 },
      )
      t.after(listener.close)
      const finding = await check(listener.url, now)
      assert.equal(finding?.status, status)
      assert.match(finding?.detail ?? '', seen)
    })
  }

  it('is a warning when it cannot be seen from here', async () => {
    const finding = await check(`https://127.0.0.1:${await freePort()}`, END)
    assert.equal(finding?.status, 'warning')
    assert.match(finding?.detail ?? '', /cannot be reached from here \(ECONNREFUSED\)/)
  })
})

async function check(href: string, now: number) {
  const [finding] = [
    await publicCertificateCheck({ publicUrl: { href, prefix: '' } }, { clock: () => now }).run(),
  ].flat()
  return finding
}
