import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { bareHost } from '../../../config/host.ts'
import type { Config } from '../../../config/to-config.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { judgeValidity } from './certificate-validity.ts'
import { type Check, reasonOf, warning, within } from './check.ts'

const NAME = 'certificate of the public URL'
const LONGEST_MS = 5_000

/** How long the certificate that the public URL shows is still valid. Whether it is trusted is seen by fetching. */
export function publicCertificateCheck(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  { clock }: { clock: Clock },
): Check {
  return {
    name: NAME,
    run: async () => {
      const { hostname, port } = new URL(publicUrl.href)
      try {
        const certificate = await shownBy(bareHost(hostname), Number(port || 443))
        return judgeValidity(NAME, certificate, clock())
      } catch (error) {
        const advice = 'From a machine with a network, look again.'
        return warning(NAME, `${publicUrl.href} cannot be reached from here (${reasonOf(error)})`, advice)
      }
    },
  }
}

async function shownBy(host: string, port: number) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({
    host,
    port,
    rejectUnauthorized: false,
    ...(isIP(host) === 0 && { servername: host }),
  })
  socket.once('secureConnect', resolve).once('error', reject)
  try {
    await within(LONGEST_MS, promise)
    const certificate = socket.getPeerX509Certificate()
    if (!certificate) throw new Error('no certificate was shown')
    return certificate
  } finally {
    socket.destroy()
  }
}
