import { keysThatSign } from './dkim-life.ts'
import type { DkimKey } from './dkim-rows.ts'

/** A key that has to do with a sender's mail. */
export interface SenderKey extends DkimKey {
  /** Whether it signs the sender's mail now: one of a domain above does where none of its own is. */
  signs: boolean
}

/**
 * The keys that sign a service's mail from this domain, that waited or ended there, and those of the domains above it up to the
 * ones that sign. Other services' own keys are none of them.
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
