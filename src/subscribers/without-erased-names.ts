import type { ErasedPeople } from '../suppression/erased/erased.ts'
import type { SubscriberChange } from './write-subscriber.ts'

type Parts = Pick<SubscriberChange, 'service' | 'recipient' | 'data'>

/**
 * The data given about a subscriber, without anybody else whom it names and the site erased: a hash replaces them, and
 * user ids that name them go. Likewise `said`, which tells how it came.
 */
export async function withoutErasedNames<S extends object>(
  erased: Pick<ErasedPeople, 'without'>,
  { service, recipient, data }: Parts,
  said: S,
): Promise<S & { data: SubscriberChange['data'] }> {
  const given = { ...said, data }
  const [named = given] = await erased.without([given], [service.siteId], recipient.key)
  return named === given ? given : { ...named, data: withoutHashedIds(named.data, data) }
}

/** Leaves out user ids that named an erased person. */
export function withoutHashedIds<D extends SubscriberChange['data']>(named: D, given: D): D {
  const { userIds } = given
  return userIds ? { ...named, userIds: named.userIds?.filter((id) => userIds.includes(id)) ?? [] } : named
}
