import type { Relay } from '../../../delivery/relay.ts'
import { type Check, failed, ok, warning, within } from './check.ts'

const NAME = 'relay'
const LONGEST_MS = 10_000

/** The relay greets, and takes our name and password. */
export function relayCheck({ relay }: { relay: Pick<Relay, 'verify'> | undefined }): Check {
  return {
    name: NAME,
    run: async () => {
      if (!relay)
        return warning(NAME, 'none: mail is kept and can be read back', 'Set KAIJO_RELAY_URL to send mail.')
      try {
        await within(LONGEST_MS, relay.verify())
        return ok(NAME, 'connects and signs in')
      } catch (error) {
        return failed(NAME, (error as Error).message, adviceFor(error as { code?: string }))
      }
    },
  }
}

function adviceFor({ code }: { code?: string }): string {
  if (code === 'EAUTH') return 'Check the user name and the password in KAIJO_RELAY_URL.'
  if (code === 'ETLS') return 'The relay and this machine find no TLS that both accept.'
  return 'Check host and port in KAIJO_RELAY_URL, and the firewall. Mail waits meanwhile and is tried again.'
}
