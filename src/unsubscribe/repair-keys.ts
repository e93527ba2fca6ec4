import type { Keyring } from '../kernel/keyring.ts'
import type { AcceptRequest } from './accept-request.ts'
import type { UnverifiedStore } from './unverified-request.ts'

export interface RepairParts {
  keyring: Keyring
  unverified: UnverifiedStore
  carryOut: AcceptRequest
}

export interface Repaired {
  /** Recipients who are excluded now. */
  replayed: number
  /** Requests that name a key that we have but were not sealed by it: forged or cut, and dropped. */
  broken: number
  /** What still waits, by the key that is missing. `since` is when the oldest came. */
  stillUnknown: { keyId: string; count: number; since: number }[]
}

const MOST_AT_ONCE = 500

/**
 * Carries out the requests that waited for keys which this process has by now, oldest first, as of the time at which
 * they came and with their evidence. A request is removed once its effect is durable, so it may be repeated if this is
 * cut off. Rejects with DatabaseUnavailable.
 */
export async function repairKeys({ keyring, unverified, carryOut }: RepairParts): Promise<Repaired> {
  const known = keyring.all().map(({ id }) => id)
  let replayed = 0
  let broken = 0
  for (;;) {
    const requests = await unverified.oldest(known, MOST_AT_ONCE)
    if (requests.length === 0) break
    const results = await Promise.all(
      requests.map(({ target, receivedAt, evidence }) =>
        carryOut({ target: { kind: 'token', ...target }, receivedAt, evidence, source: 'one-click' }),
      ),
    )
    await unverified.remove(requests.map(({ id }) => id))
    const excluded = results.filter(({ outcome }) => outcome === 'excluded').length
    replayed += excluded
    broken += results.length - excluded
  }
  return { replayed, broken, stillUnknown: await unverified.waiting() }
}
