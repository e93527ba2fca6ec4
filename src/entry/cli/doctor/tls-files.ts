import { readCertificate, readPrivateKey } from '../../../config/tls-files.ts'
import type { Config } from '../../../config/to-config.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { judgeValidity } from './certificate-validity.ts'
import { type Check, failed, reasonOf } from './check.ts'

const NAME = 'TLS files'

/** The certificate and the key of KAIJO_TLS_CERT and KAIJO_TLS_KEY can be read, belong together and are valid. */
export function tlsFilesCheck(
  { certFile, keyFile }: NonNullable<Config['tls']>,
  { clock }: { clock: Clock },
): Check {
  return {
    name: NAME,
    run: async () => {
      try {
        const certificate = readCertificate(certFile)
        if (certificate.checkPrivateKey(readPrivateKey(keyFile)))
          return judgeValidity(NAME, certificate, clock())
        return failed(
          NAME,
          `${keyFile} is not the key of ${certFile}`,
          'Set both to files that belong together.',
        )
      } catch (error) {
        const advice = `Both must be PEM, the key without a passphrase: ${certFile}, ${keyFile}`
        return failed(NAME, `cannot be read (${reasonOf(error)})`, advice)
      }
    },
  }
}
