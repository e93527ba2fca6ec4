import { DomainError } from '../kernel/domain-error.ts'
import { requireRevision, revisionOf } from '../kernel/revision.ts'
import type { Database } from '../storage/database.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../suppression/erased.ts'
import { liftStatements } from './lift.ts'
import type { Membership, Subscriber, Via } from './subscriber.ts'
import { readUserIds } from './user-ids.ts'
import {
  changeMembership,
  isMember,
  readBefore,
  replaceUserIds,
  type SubscriberChange,
  updateSubscriber,
} from './write-subscriber.ts'

export interface SubscriberEdit extends SubscriberChange {
  via: Exclude<Via, 'import'>
  /** `joined` lifts like any other joining; `left` puts nobody on a list. */
  membership?: Membership | undefined
  /** The revision of what its author saw. */
  revision?: string | undefined
}

/**
 * Changes what is known of a subscriber of the service, and lets them join or leave it. Resolves once it is durable. Throws
 * DomainError `unknown-subscriber` for who neither joined nor left the service, `changed-meanwhile` where what is known is not what
 * the author saw; then nothing is changed.
 */
export async function editSubscriber(
  database: Database,
  { membership, revision, ...given }: SubscriberEdit,
  erased: Pick<ErasedPeople, 'find'> = NOBODY_ERASED,
): Promise<{ lifted: number }> {
  let change = given
  if (revision !== undefined) {
    await editAsSeen(database, given, revision)
    change = { ...given, data: {} }
    if (!membership) return { lifted: 0 }
  }
  const changes = [
    readBefore(database, change),
    ...replaceUserIds(database, change),
    updateSubscriber(database, change),
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

/** Names what is known of a subscriber. Who joined what is another matter, and chosen rather than edited. */
export function revisionOfSubscriber({
  userIds,
  attributes,
}: Pick<Subscriber, 'userIds' | 'attributes'>): string {
  return revisionOf({ userIds: [...userIds].sort(), attributes })
}

/** Compares and swaps, so that of two who write at once the second learns of it. */
async function editAsSeen(database: Database, change: SubscriberChange, seen: string): Promise<void> {
  const { service, recipient } = change
  for (;;) {
    const [known] = await database.read(
      database.query
        .selectFrom('subscriber')
        .select(['attributes_json', 'updated_at'])
        .where('address_key', '=', recipient.key)
        .where('site_id', '=', service.siteId)
        .where(isMember(change)),
    )
    if (!known) throw unknownSubscriber()
    const userIds = (await readUserIds(database, service.siteId, [recipient.key])).get(recipient.key) ?? []
    const attributes = JSON.parse(known.attributes_json)
    requireRevision(seen, revisionOfSubscriber({ userIds, attributes }))
    const asKnown = { ...change, known }
    const results = await database.transact([
      readBefore(database, change),
      ...replaceUserIds(database, asKnown),
      updateSubscriber(database, asKnown),
    ])
    if ((results.at(-1)?.length ?? 0) > 0) return
  }
}

export function unknownSubscriber(): DomainError {
  return new DomainError('unknown-subscriber', 'the service has no such subscriber', { field: 'address' })
}
