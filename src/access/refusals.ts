import { clientNetwork } from '../kernel/client-network.ts'
import type { Clock } from '../kernel/clock.ts'

/** Who failed to sign in, as far as it is known. */
export interface Guesser {
  name?: string | undefined
  clientAddress?: string | undefined
}

export interface Refusal extends Guesser {
  /** How many there were in a row, this one included: for this name or from this client, whichever is more. */
  count: number
  /** How long the answer is held back. */
  delayMs: number
}

const FIRST_DELAY_MS = 300
const LONGEST_DELAY_MS = 5_000
const FORGOTTEN_AFTER_MS = 15 * 60_000
/** Names and addresses are a guesser's to invent: what is remembered of them is bounded. */
const MOST_REMEMBERED = 10_000

/**
 * Counts wrong sign-ins by name and by client, of IPv6 by its network; the answer to each is held back twice as long as
 * the one before. Right credentials never come through here, so that nobody can lock others out by guessing.
 */
export function createRefusals(clock: Clock): (guesser: Guesser) => Refusal {
  const remembered = new Map<string, { count: number; until: number }>()

  const count = (key: string): number => {
    const now = clock()
    const before = remembered.get(key)
    const counted = before && before.until > now ? before.count + 1 : 1
    // Put at the end, so that the first entry is the one that was silent for longest.
    remembered.delete(key)
    remembered.set(key, { count: counted, until: now + FORGOTTEN_AFTER_MS })
    if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value as string)
    return counted
  }

  return ({ name, clientAddress }) => {
    const ofName = name === undefined ? 0 : count(`name ${name.slice(0, 200)}`)
    const ofClient = clientAddress === undefined ? 0 : count(`client ${clientNetwork(clientAddress)}`)
    const most = Math.max(1, ofName, ofClient)
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(most - 1, 10))
    return { name, clientAddress, count: most, delayMs }
  }
}
