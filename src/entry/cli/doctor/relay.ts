import type { Relay } from '../../../delivery/relay/relay.ts'
import { type Check, failed, ok, warning, within } from './check.ts'

const NAME = 'relay'
const LONGEST_MS = 10_000
/** Extensions without which some messages cannot be sent over it. */
const WANTED = ['8BITMIME', 'SMTPUTF8']

/** The relay greets, takes our name and password, and takes every message. */
export function relayCheck({ relay }: { relay: Pick<Relay, 'verify'> | undefined }): Check {
  return {
    name: NAME,
    run: async () => {
      if (!relay)
        return warning(NAME, 'none: mail is kept and can be read back', 'Set KAIJO_RELAY_URL to send mail.')
      try {
        const { offers: offered } = await within(LONGEST_MS, relay.verify())
        const detail = `connects and signs in; offers ${offered.join(', ') || 'no extensions'}`
        const missing = WANTED.filter((name) => !offered.includes(name))
        if (missing.length === 0) return ok(NAME, detail)
        return warning(
          NAME,
          detail,
          `Messages that need ${missing.join(' or ')} fail: nothing is re-encoded.`,
        )
      } catch (error) {
        return failed(
          NAME,
          (error as Error).message,
          adviceFor(error as { code?: string; originalCode?: string }),
        )
      }
    },
  }
}

function adviceFor({ code, originalCode }: { code?: string; originalCode?: string }): string {
  if (code === 'EAUTH') return 'Check the user name and the password in KAIJO_RELAY_URL.'
  if (/CERT|SIGNATURE|SSL|TLS/.test(originalCode ?? ''))
    return 'The certificate of the relay is not trusted for its name: NODE_EXTRA_CA_CERTS names a file with the authority that signed it.'
  if (code === 'ETLS') return 'The relay and this machine find no TLS that both accept.'
  return 'Check host and port in KAIJO_RELAY_URL, and the firewall. Mail waits meanwhile and is tried again.'
}
