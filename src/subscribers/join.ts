import type { Address } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import type { Evidence } from '../suppression/changing/change.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../suppression/erased/erased.ts'
import type { Service } from '../tenants/service.ts'
import { type Agreement, insertAgreement } from './agreements/agreement.ts'
import { liftStatements } from './lift.ts'
import type { SubscriberData, Via } from './subscriber.ts'
import { withoutErasedNames } from './without-erased-names.ts'
import { insertSubscriber, readBefore, replaceUserIds, setMembership } from './write-subscriber.ts'

interface Joining {
  service: Pick<Service, 'id' | 'siteId'>
  recipient: Pick<Address, 'address' | 'key'>
  /** What is not given stays as it is. */
  data?: SubscriberData | undefined
  /** A file joins many at once, and lifts nothing. */
  via: Exclude<Via, 'import'>
  /** When the person or the operator asked; now unless given. */
  requestedAt?: number | undefined
  /** What they agreed to by a form; written together with the joining. */
  agreement?: Agreement | undefined
  /** How the request came, if it came from outside. */
  evidence?: Evidence | null | undefined
}

interface Joined {
  /** The site did not know them. */
  created: boolean
  /** They had not joined the service, or had left it. */
  joined: boolean
  /** How many of the service's lists they were taken off. */
  lifted: number
}

/** A joining of a service (加入). Resolves once it is durable; rejects with DatabaseUnavailable, and then nothing was done. */
export type Join = (joining: Joining) => Promise<Joined>

/**
 * Registers a person with a service, perhaps again, and makes its mail reach them again: one transaction makes them a
 * member and takes them off the lists of its senders and filters. So nobody is told that they have joined while still
 * excluded there.
 */
export function createJoin(
  database: Database,
  clock: Clock,
  erased: Pick<ErasedPeople, 'find' | 'without'> = NOBODY_ERASED,
): Join {
  const statementsOf = createJoinStatements(database, clock, erased)
  return async (joining) => {
    const [before, , , , events] = await database.transact(await statementsOf(joining))
    return {
      created: before.length === 0,
      joined: before[0]?.membership !== 'joined',
      lifted: events.length,
    }
  }
}

/** The statements of a joining, for a transaction that also does something else. */
export type JoinStatements = ReturnType<typeof createJoinStatements>

/** Their results begin with the row before, and the fifth holds the events of what was lifted, as `createJoin` reads them. */
export function createJoinStatements(
  database: Database,
  clock: Clock,
  erased: Pick<ErasedPeople, 'find' | 'without'> = NOBODY_ERASED,
) {
  return async (joining: Joining) => {
    const { service, recipient, via, requestedAt } = joining
    const said = { evidence: joining.evidence ?? null, agreement: joining.agreement }
    const whose = { service, recipient, data: joining.data ?? {} }
    const { data, evidence, agreement } = await withoutErasedNames(erased, whose, said)
    const at = clock()
    const change = { service, recipient, data, via, at }
    // Somebody who was erased and comes back is excluded under the hash.
    const hash = (await erased.find([recipient.key], [service.siteId])).get(recipient.key)
    return [
      readBefore(database, change),
      insertSubscriber(database, change),
      setMembership(database, change, 'joined'),
      ...liftStatements(database, change, { source: via, requestedAt: requestedAt ?? at, evidence, hash }),
      ...replaceUserIds(database, change),
      ...(agreement
        ? [insertAgreement(database, { serviceId: service.id, addressKey: recipient.key }, agreement)]
        : []),
    ] as const
  }
}
