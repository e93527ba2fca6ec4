import { keysThatSign } from './dkim-life.ts'
import type { DkimKey } from './dkim-rows.ts'

/** A key that concerns a sender's mail. */
export interface SenderKey extends DkimKey {
  /**
   * Whether it signs the sender's mail now: a key of a domain above does where the sender's own domain has none that
   * signs.
   */
  signs: boolean
}

/**
 * The keys of this domain, whether they sign, wait or have ended, and those of the domains above it up to the ones that
 * sign. Keys that belong to other services are left out.
 */
export function keysOfSender(
  keys: readonly DkimKey[],
  { domain, serviceId, now }: { domain: string; serviceId: number; now: number },
): SenderKey[] {
  const own = keys.filter((key) => key.serviceId === null || key.serviceId === serviceId)
  const byDomain = Map.groupBy(own, (key) => key.domain)
  const signing = keysThatSign(byDomain, domain, serviceId, now)
  const found: SenderKey[] = []
  for (let at = domain; at.includes('.'); at = at.slice(at.indexOf('.') + 1)) {
    const here = byDomain.get(at) ?? []
    found.push(...here.map((key) => ({ ...key, signs: signing.includes(key) })))
    if (here.some((key) => signing.includes(key))) break
  }
  return found
}
