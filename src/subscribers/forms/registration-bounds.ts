import { clientNetwork } from '../../kernel/client-network.ts'
import { type Clock, DAY_MS } from '../../kernel/clock.ts'

const WINDOW_MS = DAY_MS / 24
const MOST_OF_CLIENT = 30
const MOST_OF_SERVICE = 5_000
/** Clients can have any number of addresses, so what is remembered of them is bounded. */
const MOST_REMEMBERED = 10_000

/** Counts one more registration; false when there were too many. */
export type CountRegistration = (clientAddress: string | undefined, serviceId: number) => boolean

/**
 * Bounds how many registrations a process takes in an hour from a client and for a service, so that no program fills a
 * list or has strangers mailed by the thousand. A client of IPv6 is its network.
 */
export function createRegistrationBounds(
  clock: Clock,
  { ofClient = MOST_OF_CLIENT, ofService = MOST_OF_SERVICE } = {},
): CountRegistration {
  const counted = new Map<string, { count: number; until: number }>()
  const isTooMany = (key: string, most: number): boolean => {
    const now = clock()
    const before = counted.get(key)
    const window = before && before.until > now ? before : { count: 0, until: now + WINDOW_MS }
    window.count += 1
    // Put at the end, so that the first entry is the one that was silent for longest.
    counted.delete(key)
    counted.set(key, window)
    if (counted.size > MOST_REMEMBERED) counted.delete(counted.keys().next().value as string)
    return window.count > most
  }
  return (clientAddress, serviceId) => {
    if (isTooMany(`client ${clientNetwork(clientAddress ?? 'unknown')}`, ofClient)) return false
    return !isTooMany(`service ${serviceId}`, ofService)
  }
}
