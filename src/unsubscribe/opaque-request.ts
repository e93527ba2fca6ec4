import { dayOf } from '../kernel/calendar.ts'
import type { Database } from '../storage/database.ts'
import type { RequestEvidence } from '../suppression/changing/change.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../suppression/erased/erased.ts'
import type { List } from '../tenants/list.ts'
import { findService } from '../tenants/service.ts'

interface OpaqueRequest {
  list: Pick<List, 'id' | 'serviceId'>
  /** Every byte after `base_url`, one character each. */
  part: string
  receivedAt: number
  evidence: RequestEvidence
}

export interface OpaqueStore {
  /**
   * Keeps the part, once per calendar day of the service. Throws OpaqueQuotaReached; the caller then must not
   * acknowledge.
   */
  keep(request: OpaqueRequest): Promise<void>
}

/** Anyone can invent opaque parts, so what one list keeps per day is bounded. */
class OpaqueQuotaReached extends Error {
  override readonly name = 'OpaqueQuotaReached'
}

const MOST_PARTS_PER_DAY = 1_000_000

/**
 * No address is known for an opaque part, so nobody is excluded: the customer reads the list. People whom the site
 * erased are not named in it.
 */
export function createOpaqueStore(
  database: Database,
  erased: Pick<ErasedPeople, 'without'> = NOBODY_ERASED,
  most = MOST_PARTS_PER_DAY,
): OpaqueStore {
  const { query } = database
  /** The count by list, for the day that was last asked for: counting reads up to a million rows. */
  const counted = new Map<number, { day: string; count: number }>()

  const countOf = async (listId: number, day: string) => {
    const known = counted.get(listId)
    if (known?.day === day) return known
    const [row] = await database.read(
      query
        .selectFrom('opaque_request')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('list_id', '=', listId)
        .where('day', '=', day),
    )
    const found = { day, count: row?.count ?? 0 }
    counted.set(listId, found)
    return found
  }

  return {
    keep: async ({ list, receivedAt, ...named }) => {
      const { timeZone, siteId } = await findService(database, list.serviceId)
      const [{ part, evidence } = named] = await erased.without(
        [{ part: named.part, evidence: named.evidence }],
        [siteId],
      )
      const day = dayOf(receivedAt, timeZone)
      const kept = await countOf(list.id, day)
      if (kept.count >= most)
        throw new OpaqueQuotaReached(`list ${list.id} has its fill of opaque parts today`)
      const [added] = await database.transact([
        query
          .insertInto('opaque_request')
          .values({
            list_id: list.id,
            day,
            part,
            received_at: receivedAt,
            evidence_json: JSON.stringify(evidence),
          })
          .onConflict((oc) => oc.columns(['list_id', 'day', 'part']).doNothing())
          .returning('day'),
      ])
      kept.count += added.length
    },
  }
}
