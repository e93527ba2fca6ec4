import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { prepareRows } from '../storage/row-set.ts'
import type { MessageTable } from '../storage/tables.ts'
import { LANES } from './lane.ts'
import { MESSAGE_COLUMN_NAMES } from './message-columns.ts'

/** A lane of a bucket. */
export interface Place {
  bucket: number
  lane: number
}

export interface Claims {
  /** Where something is due, of the named buckets: transactional mail's places first. */
  findDue(buckets: Iterable<number>, now: number): Promise<Place[]>
  /**
   * Takes messages that are due at these places, the longest due of each first and at most `most` of each: the attempt is
   * written before it is made. Only buckets whose lease this process holds may be named; `epochs` holds the epoch of each
   * lease, which the result must carry.
   */
  claim(
    places: readonly Place[],
    epochs: ReadonlyMap<number, number>,
    terms: { now: number; most: number },
  ): Promise<MessageTable[]>
}

/** One seek per place, and each claim addresses one bucket, however much waits elsewhere. */
export function createClaims(database: Database): Claims {
  const { query } = database
  const due = prepareRows(
    database,
    'place',
    { bucket: 'integer', lane: 'integer', now: 'integer' },
    (place) =>
      query
        .selectFrom(place)
        .select(['place.bucket', 'place.lane'])
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('message as m')
              .select('m.id')
              .whereRef('m.bucket', '=', 'place.bucket' as never)
              .whereRef('m.lane', '=', 'place.lane' as never)
              .whereRef('m.due_at', '<=', 'place.now' as never)
              .where('m.state', '=', 'queued'),
          ),
        ),
  )
  const claimAt = ({ bucket, lane }: Place, epoch: number, { now, most }: { now: number; most: number }) =>
    query
      .updateTable('message')
      .set({ state: 'sending', attempts: sql<number>`attempts + 1`, epoch, updated_at: now })
      .where('bucket', '=', bucket)
      .where('state', '=', 'queued')
      .where(
        'id',
        'in',
        query
          .selectFrom('message')
          .select('id')
          .where('bucket', '=', bucket)
          .where('lane', '=', lane)
          .where('state', '=', 'queued')
          .where('due_at', '<=', now)
          .orderBy('due_at')
          .limit(most),
      )
      .returning(MESSAGE_COLUMN_NAMES)
  return {
    findDue: async (buckets, now) => {
      const places = [...buckets].flatMap((bucket) =>
        Object.values(LANES).map((lane) => ({ bucket, lane, now })),
      )
      const found = (await database.read(due(places))) as Place[]
      return found.toSorted((a, b) => a.lane - b.lane)
    },
    claim: async (places, epochs, terms) => {
      const held = places.flatMap((place) => {
        const epoch = epochs.get(place.bucket)
        return epoch === undefined ? [] : [claimAt(place, epoch, terms)]
      })
      const claimed = await database.transact(held)
      return claimed.flat() as MessageTable[]
    },
  }
}
