import type { ErasedPeople } from '../suppression/erased/erased.ts'
import type { SubscriberChange } from './write-subscriber.ts'

type Parts = Pick<SubscriberChange, 'service' | 'recipient' | 'data'>

/**
 * What is given of a subscriber, without whom it names besides and the site erased: a hash stands there, and user ids go. Likewise
 * `said`, which tells how it came.
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

/** One who was erased is nobody's user id. */
export function withoutHashedIds<D extends SubscriberChange['data']>(named: D, given: D): D {
  const { userIds } = given
  return userIds ? { ...named, userIds: named.userIds?.filter((id) => userIds.includes(id)) ?? [] } : named
}
