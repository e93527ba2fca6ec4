import { DomainError } from '../kernel/domain-error.ts'
import { requireRevision, revisionOf } from '../kernel/revision.ts'
import type { Database } from '../storage/database.ts'
import type { CallerEvidence } from '../suppression/changing/change.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../suppression/erased/erased.ts'
import { liftStatements } from './lift.ts'
import type { Membership, Subscriber, Via } from './subscriber.ts'
import { readUserIds } from './user-ids.ts'
import { withoutErasedNames } from './without-erased-names.ts'
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
  /** Who changed it. */
  evidence?: CallerEvidence | null | undefined
}

/**
 * Changes what is known of a subscriber of the service, and makes them join or leave it. Resolves once that is durable.
 * Throws DomainError `unknown-subscriber` for somebody who neither joined nor left the service, and `changed-meanwhile`
 * when what is known is not what the author saw; then nothing is changed.
 */
export async function editSubscriber(
  database: Database,
  { membership, revision, evidence: by = null, ...asked }: SubscriberEdit,
  erased: Pick<ErasedPeople, 'find' | 'without'> = NOBODY_ERASED,
): Promise<{ lifted: number }> {
  const { service, recipient } = asked
  const { evidence, ...named } = await withoutErasedNames(erased, asked, { evidence: by })
  const given = { ...asked, ...named }
  const hash = (await erased.find([recipient.key], [service.siteId])).get(recipient.key)
  const lifting = { source: given.via, requestedAt: given.at, evidence, hash }
  for (;;) {
    const known = revision === undefined ? undefined : await readAsSeen(database, given, revision)
    const change = known ? { ...given, known } : given
    const lift = membership === 'joined' ? liftStatements(database, change, lifting) : []
    const results = await database.transact([
      readBefore(database, change),
      ...replaceUserIds(database, change),
      ...(membership ? [changeMembership(database, change, membership)] : []),
      ...lift,
      updateSubscriber(database, change),
    ])
    const [before] = results[0] as { membership: Membership | null }[]
    if (!before?.membership) throw unknownSubscriber()
    const isMade = (results.at(-1)?.length ?? 0) > 0
    if (isMade) return { lifted: lift.length === 0 ? 0 : (results.at(-2)?.length ?? 0) }
  }
}

/** Stands for what is known of a subscriber. Memberships are not part of it: they are chosen rather than edited. */
export function revisionOfSubscriber({
  userIds,
  attributes,
}: Pick<Subscriber, 'userIds' | 'attributes'>): string {
  return revisionOf({ userIds: [...userIds].sort(), attributes })
}

/**
 * What is known now, to be compared and swapped, so that of two simultaneous writers the second learns of the first.
 */
async function readAsSeen(database: Database, change: SubscriberChange, seen: string) {
  const { service, recipient } = change
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
  requireRevision(seen, revisionOfSubscriber({ userIds, attributes: JSON.parse(known.attributes_json) }))
  return known
}

/** The error for somebody who neither joined nor left the service. */
export function unknownSubscriber(): DomainError {
  return new DomainError('unknown-subscriber', 'the service has no such subscriber', { field: 'address' })
}
