import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { prepareRows } from '../../storage/row-set.ts'
import { LANES } from './lane.ts'
import { MESSAGE_COLUMN_NAMES } from './message-columns.ts'

/** A lane of a bucket. */
interface Place {
  bucket: number
  lane: number
}

export interface Claims {
  /** The places in the named buckets where something is due, transactional mail's first. */
  findDue(buckets: Iterable<number>, now: number): Promise<Place[]>
  /**
   * Claims messages that are due at these places, at most `most` of each, the longest due first; the attempt is written
   * before it is made. Only buckets whose lease this process holds may be named; `epochs` holds the epoch of each
   * lease, which the result must carry.
   */
  claim(
    places: readonly Place[],
    epochs: ReadonlyMap<number, number>,
    terms: { now: number; most: number },
  ): Promise<MessageTable[]>
}

/** Written out, not a parameter: only then does a prepared statement use the partial index on queued messages. */
const QUEUED = sql.lit<'queued'>('queued')

/** Looking takes one seek per place, and each claim addresses one bucket, however much waits elsewhere. */
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
        // The longest due of each place, by one seek: for an `exists` PostgreSQL would join, and read all that wait.
        .where(
          (eb) =>
            eb
              .selectFrom('message as m')
              .select('m.due_at')
              .whereRef('m.bucket', '=', 'place.bucket' as never)
              .whereRef('m.lane', '=', 'place.lane' as never)
              .where('m.state', '=', QUEUED)
              .orderBy('m.due_at')
              .limit(1),
          '<=',
          sql<number>`place.now`,
        ),
  )
  const claimAt = ({ bucket, lane }: Place, epoch: number, { now, most }: { now: number; most: number }) =>
    query
      .updateTable('message')
      .from(
        query
          .selectFrom('message')
          .select(['bucket', 'id'])
          .where('bucket', '=', bucket)
          .where('lane', '=', lane)
          .where('state', '=', QUEUED)
          .where('due_at', '<=', now)
          .orderBy('due_at')
          .limit(most)
          .as('due'),
      )
      .set({ state: 'sending', attempts: sql<number>`message.attempts + 1`, epoch, updated_at: now })
      .whereRef('message.bucket', '=', 'due.bucket')
      .whereRef('message.id', '=', 'due.id')
      // Checked again, since another process may have claimed it meanwhile.
      .where(sql<boolean>`message.state || '' = 'queued'`)
      .returning(MESSAGE_COLUMN_NAMES.map((name) => `message.${name}` as const))
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
