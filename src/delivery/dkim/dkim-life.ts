import { DAY_MS } from '../../kernel/clock.ts'
import type { DkimAlgorithm } from '../../mail/dkim-keys.ts'

/** When a key signs, and for whom. Times are UTC epoch milliseconds. */
export interface DkimLife {
  domain: string
  algorithm: DkimAlgorithm
  /** The one service whose mail it signs; null for all of them. */
  serviceId: number | null
  /** Null while no time has been set. */
  signsFrom: number | null
  /** Null while no end has been set. */
  signsUntil: number | null
}

/**
 * `waiting`: for its DNS record to be seen. `scheduled`: for its time. `retired`: signs no more, while mail that it has
 * signed is still under way.
 */
export type DkimState = 'waiting' | 'scheduled' | 'signing' | 'retired'

/** How long a key must stay in DNS after it last signed: senders retry for 5 days (RFC 5321 §4.5.4.1). */
const UNDER_WAY_MS = 7 * DAY_MS

export function dkimState({ signsFrom, signsUntil }: DkimLife, now: number): DkimState {
  if (signsFrom === null) return 'waiting'
  if (signsUntil !== null && signsUntil <= now) return 'retired'
  return signsFrom > now ? 'scheduled' : 'signing'
}

/** From when on the DNS record of a key that ends is no longer needed; null for a key without an end. */
export function removableFrom({ signsUntil }: DkimLife): number | null {
  return signsUntil === null ? null : signsUntil + UNDER_WAY_MS
}

/**
 * The keys that sign mail from this domain for this service: those of the domain itself, or else of the nearest one above it
 * (RFC 6376 §3.10, relaxed alignment); there the service's own before those of the installation; of each algorithm the
 * one that began last. Keys that began together sign together.
 */
export function keysThatSign<K extends DkimLife>(
  byDomain: ReadonlyMap<string, readonly K[]>,
  domain: string,
  serviceId: number | null,
  now: number,
): K[] {
  for (let at = domain; at.includes('.'); at = at.slice(at.indexOf('.') + 1)) {
    const signing = byDomain.get(at)?.filter((key) => dkimState(key, now) === 'signing') ?? []
    const own = signing.filter((key) => key.serviceId === serviceId)
    const chosen = own.length > 0 ? own : signing.filter((key) => key.serviceId === null)
    if (chosen.length > 0) return chosen.filter((key) => !chosen.some((other) => takesOver(other, key)))
  }
  return []
}

function takesOver(key: DkimLife, other: DkimLife): boolean {
  return key.algorithm === other.algorithm && Number(key.signsFrom) > Number(other.signsFrom)
}

/** True for two keys of which only one signs at a time. */
export function isOneOf(a: DkimLife, b: DkimLife): boolean {
  return a.domain === b.domain && a.algorithm === b.algorithm && a.serviceId === b.serviceId
}

/**
 * True when a key could begin now without taking over from another, for any service: then it need not wait for its
 * record.
 */
export function endsNothing(keys: readonly DkimLife[], fresh: DkimLife, now: number): boolean {
  if (keys.some((key) => isOneOf(key, fresh) && dkimState(key, now) === 'signing')) return false
  const begun = { ...fresh, signsFrom: now }
  const before = Map.groupBy(keys, ({ domain }) => domain)
  const after = Map.groupBy([...keys, begun], ({ domain }) => domain)
  const services = new Set([fresh.serviceId, ...keys.map(({ serviceId }) => serviceId)])
  return [...services].every((serviceId) => {
    const remaining = keysThatSign(after, fresh.domain, serviceId, now)
    return keysThatSign(before, fresh.domain, serviceId, now).every((key) => remaining.includes(key))
  })
}
