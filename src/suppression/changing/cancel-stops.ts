import { parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { refuseIfAny } from '../../kernel/mistakes.ts'
import type { Database } from '../../storage/database.ts'
import type { List } from '../../tenants/list.ts'
import type { Service } from '../../tenants/service.ts'
import type { LookUp } from '../deciding/look-up.ts'
import { excludes } from '../deciding/standing.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../erased/erased.ts'
import type { Source } from './change.ts'
import { addPending } from './pending-resumes.ts'
import { resumeAsSeen, type SeenStop } from './resume-as-seen.ts'

interface CancelRequest {
  service: Service
  /** The lists of the service that it concerns; a recipient is made deliverable on all of them. */
  lists: readonly Pick<List, 'id'>[]
  addresses: readonly string[]
  source: Source
  /** Now, or at the hour of the service's `cancelMode`. */
  when: 'now' | 'as-the-service-says'
}

export interface CancelStops {
  /** The positions of the addresses that are on none of the lists now. */
  missing(request: Pick<CancelRequest, 'lists' | 'addresses'>): Promise<number[]>
  /**
   * Takes back the stops of all addresses, or of none. Resolves once that is durable, or once it is durably scheduled
   * for its hour. Throws DomainErrors `not-listed` (`addresses[3]`) for all addresses that are on none of the lists.
   * Rejects with DatabaseUnavailable when the lists cannot be read.
   */
  cancel(request: CancelRequest): Promise<void>
}

export function createCancelStops({
  database,
  lookUp,
  clock,
  erased = NOBODY_ERASED,
}: {
  database: Database
  lookUp: LookUp
  clock: Clock
  erased?: Pick<ErasedPeople, 'replace'>
}): CancelStops {
  const standingsOf = async ({ lists, addresses }: Pick<CancelRequest, 'lists' | 'addresses'>) => {
    const parsed = addresses.map(parseAddress)
    const found = await lookUp(parsed.flatMap((address) => address?.key ?? []))
    const wanted = new Set(lists.map(({ id }) => id))
    const now = clock()
    return parsed.map((address) => {
      const standings = address ? (found.get(address.key) ?? []) : []
      const stops = standings.filter((standing) => wanted.has(standing.listId) && excludes(standing, now))
      return { address, stops }
    })
  }

  return {
    missing: async (request) => {
      const found = await standingsOf(request)
      return found.flatMap(({ stops }, place) => (stops.length === 0 ? place : []))
    },
    cancel: async ({ service, source, when, ...request }) => {
      const found = await standingsOf(request)
      refuseIfAny(found.flatMap(({ stops }, place) => (stops.length === 0 ? notListed(place) : [])))
      const askedAt = clock()
      const seen = new Map<string, SeenStop>()
      for (const { address: recipient, stops } of found) {
        if (!recipient) continue
        for (const { listId, requestedAt: seenRequestedAt } of stops) {
          seen.set(`${listId} ${recipient.key}`, { listId, recipient, seenRequestedAt, askedAt, source })
        }
      }
      const stops = await erased.replace([...seen.values()])
      const waits = when === 'as-the-service-says' && service.settings.cancelMode !== 'immediate'
      await database.transact(
        waits ? [addPending(database, service.id, stops)] : resumeAsSeen(database, stops, askedAt),
      )
    },
  }
}

function notListed(place: number): DomainError {
  return new DomainError('not-listed', 'is on none of these lists', { field: `addresses[${place}]` })
}
