import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../suppression/erased.ts'
import { liftStatements } from './lift.ts'
import type { Membership, Via } from './subscriber.ts'
import {
  changeMembership,
  readBefore,
  replaceUserIds,
  type SubscriberChange,
  updateSubscriber,
} from './write-subscriber.ts'

export interface SubscriberEdit extends SubscriberChange {
  via: Exclude<Via, 'import'>
  /** `joined` lifts like any other joining; `left` puts nobody on a list. */
  membership?: Membership | undefined
}

/**
 * Changes what is known of a subscriber of the service, and lets them join or leave it. Resolves once it is durable. Throws
 * DomainError `unknown-subscriber` for who neither joined nor left the service.
 */
export async function editSubscriber(
  database: Database,
  { membership, ...change }: SubscriberEdit,
  erased: Pick<ErasedPeople, 'find'> = NOBODY_ERASED,
): Promise<{ lifted: number }> {
  const changes = [
    readBefore(database, change),
    updateSubscriber(database, change),
    ...replaceUserIds(database, change),
    ...(membership ? [changeMembership(database, change, membership)] : []),
  ] as const
  const { service, recipient } = change
  const hash = (await erased.find([recipient.key], [service.siteId])).get(recipient.key)
  const lifting = { source: change.via, requestedAt: change.at, evidence: null, hash }
  const lift = membership === 'joined' ? liftStatements(database, change, lifting) : []
  const results = await database.transact([...changes, ...lift])
  const [before] = results[0] as { membership: Membership | null }[]
  if (!before?.membership) throw unknownSubscriber()
  return { lifted: lift.length === 0 ? 0 : (results.at(-1)?.length ?? 0) }
}

export function unknownSubscriber(): DomainError {
  return new DomainError('unknown-subscriber', 'the service has no such subscriber', { field: 'address' })
}
