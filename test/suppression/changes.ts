import { parseAddress } from '../../src/kernel/address.ts'
import type { Resume, Stop } from '../../src/suppression/changing/change.ts'

/** A request to stop as one-click makes it. */
export function stop(
  listId: number,
  address: string,
  given: Partial<Omit<Stop, 'kind' | 'listId' | 'recipient'>> = {},
): Stop {
  return {
    kind: 'stop',
    listId,
    recipient: recipient(address),
    requestedAt: 0,
    source: 'one-click',
    evidence: null,
    reason: 'unsubscribed',
    messageId: null,
    mailedAt: null,
    ...given,
  }
}

/** An operator's wish to deliver again. */
export function lift(
  kind: Resume['kind'],
  listId: number,
  address: string,
  given: Partial<Omit<Resume, 'kind' | 'listId' | 'recipient'>> = {},
): Resume {
  return {
    kind,
    listId,
    recipient: recipient(address),
    requestedAt: 0,
    source: 'api',
    evidence: null,
    ...given,
  }
}

function recipient(address: string) {
  const parsed = parseAddress(address)
  if (!parsed) throw new Error(`${address} is no address`)
  return parsed
}
