import type { MxRecord } from 'node:dns'
import { formatListenAddress } from '../../../config/listen-address.ts'
import type { Config } from '../../../config/to-config.ts'
import { type Check, failed, ok, reasonOf, warning, within } from './check.ts'
import { unseen } from './txt-records.ts'

const NAME = 'inbound mail'
const LONGEST_MS = 3_000
const NOTHING_THERE = ['ENODATA', 'ENOTFOUND']

/** Mail to the inbound domain arrives somewhere, and a process here listens for it. */
export function inboundCheck(
  {
    inboundListen,
    inboundProtocol,
    services,
  }: Pick<Config, 'inboundListen' | 'inboundProtocol' | 'services'>,
  domain: string,
  resolveMx: (name: string) => Promise<MxRecord[]>,
): Check {
  return {
    name: NAME,
    run: async () => {
      if (!services.has('inbound')) {
        return warning(
          NAME,
          `this process does not listen for ${domain}`,
          'One that does must run: see KAIJO_SERVICES.',
        )
      }
      try {
        const records = await within(LONGEST_MS, resolveMx(domain))
        const hosts = records.map(({ exchange }) => exchange).sort()
        if (hosts.length > 0) {
          const listener = `${inboundProtocol}://${formatListenAddress(inboundListen)}`
          return ok(NAME, `mail for ${domain} goes to ${hosts.join(', ')}; ${listener} is here`)
        }
      } catch (error) {
        const reason = reasonOf(error)
        if (!NOTHING_THERE.includes(reason)) return unseen(NAME, reason)
      }
      const advice = `Publish an MX record for ${domain} that leads to KAIJO_INBOUND_LISTEN: without it bounces and mailto unsubscribes are lost.`
      return failed(NAME, `${domain} has no MX record`, advice)
    },
  }
}
