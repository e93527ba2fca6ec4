import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { tlsFilesCheck } from '../../../../src/entry/cli/doctor/tls-files.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../../../support/certificate.ts'
import { tempDir } from '../../../support/temp-dir.ts'

const { validFromDate, validToDate } = new X509Certificate(CERTIFICATE)
const VALID = validFromDate.getTime()
const OTHER_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
})

describe('the TLS files', () => {
  const cases: [what: string, cert: string, key: string, now: number, status: string, seen: RegExp][] = [
    ['belong together', CERTIFICATE, CERTIFICATE_KEY, VALID, 'ok', /^valid until/],
    ['have expired', CERTIFICATE, CERTIFICATE_KEY, validToDate.getTime(), 'failed', /^expired/],
    ['do not belong together', CERTIFICATE, OTHER_KEY as string, VALID, 'failed', /is not the key of/],
    ['are no PEM', 'x', CERTIFICATE_KEY, VALID, 'failed', /^cannot be read/],
    ['stand in each other’s place', CERTIFICATE_KEY, CERTIFICATE, VALID, 'failed', /^cannot be read/],
  ]
  for (const [what, cert, key, now, status, seen] of cases) {
    it(`are examined: they ${what}`, async (t) => {
      const dir = tempDir(t)
      const files = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') }
      writeFileSync(files.certFile, cert)
      writeFileSync(files.keyFile, key)
      const [finding] = [await tlsFilesCheck(files, { clock: () => now }).run()].flat()
      assert.equal(finding?.status, status)
      assert.match(finding?.detail ?? '', seen)
    })
  }
})
