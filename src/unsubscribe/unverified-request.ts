import { createHash } from 'node:crypto'
import { type Compilable, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { RequestEvidence } from '../suppression/changing/change.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../suppression/erased/erased.ts'

interface UnverifiedRequest {
  target: { classId: string; token: string }
  keyId: string
  receivedAt: number
  evidence: Omit<RequestEvidence, 'keyId'>
}

/** A request as operators see it: without the token, which is a secret and says nothing without its key. */
export interface KeptUnverified extends Omit<UnverifiedRequest, 'target'> {
  id: string
  listId: number
  serviceId: number
}

export interface UnverifiedFilter {
  keyId?: string | undefined
}

type Position = readonly [receivedAt: number, id: string]

/** Requests whose token was sealed with a key that this process lacks, kept raw until the key is back. */
export interface UnverifiedStore {
  /** Keeps a request; a repeat is kept only once. Throws TooManyUnverified; the caller must then not acknowledge. */
  keep(request: UnverifiedRequest): Promise<void>
  /** The same as a statement, for a transaction that also does something else. */
  keeping(request: UnverifiedRequest): Promise<Compilable>
  /** How many wait for each key id, and since when. */
  waiting(): Promise<{ keyId: string; count: number; since: number }[]>
  /** The oldest that wait for one of these keys. */
  oldest(keyIds: readonly string[], most: number): Promise<(UnverifiedRequest & { id: string })[]>
  remove(ids: readonly string[]): Promise<void>
  /** Newest first, after the last one of the page before. */
  find(
    filter: UnverifiedFilter,
    page: { after?: Position | undefined; limit: number },
  ): Promise<KeptUnverified[]>
  /** Removes those that wait for a key, batch by batch; answers how many they were. */
  discard(keyId: string): Promise<number>
}

/**
 * Anyone can invent key ids, so what is kept is bounded. Beyond that a request is answered 503: a provider repeats it,
 * and `doctor` shows which keys are missing.
 */
export class TooManyUnverified extends Error {
  override readonly name = 'TooManyUnverified'
}

const MOST_KEPT = 100_000
const MOST_PER_COMMIT = 1_000
/** How long a count is used: counting reads the whole table, which others fill and empty meanwhile. */
const COUNT_HOLDS_MS = 5_000

export function createUnverifiedStore(
  database: Database,
  erased: Pick<ErasedPeople, 'without'> = NOBODY_ERASED,
  mostKept = MOST_KEPT,
): UnverifiedStore {
  const { query } = database
  let counted: { count: number; until: number } | undefined

  const count = async (): Promise<{ count: number }> => {
    if (counted && performance.now() < counted.until) return counted
    const rows = query.selectFrom('unverified_request').select(({ fn }) => fn.countAll<number>().as('count'))
    const [row] = await database.read(rows)
    counted = { count: row?.count ?? 0, until: performance.now() + COUNT_HOLDS_MS }
    return counted
  }

  const roomFor = async () => {
    const kept = await count()
    if (kept.count >= mostKept) throw new TooManyUnverified(`${kept.count} requests wait for unknown keys`)
    return kept
  }

  const insert = async ({ target, keyId, receivedAt, evidence: given }: UnverifiedRequest) => {
    const [evidence = given] = await erased.without([given])
    // A provider that repeats a request must not grow the table.
    const id = createHash('sha256').update(`${target.classId} ${target.token}`).digest('base64url')
    return query
      .insertInto('unverified_request')
      .values({
        id,
        class_id: target.classId,
        token: target.token,
        key_id: keyId,
        evidence_json: JSON.stringify(evidence),
        received_at: receivedAt,
      })
      .onConflict((oc) => oc.column('id').doNothing())
      .returning('id')
  }

  return {
    keep: async (request) => {
      const kept = await roomFor()
      const [added] = await database.transact([await insert(request)])
      kept.count += added.length
    },
    keeping: async (request) => {
      await roomFor()
      return insert(request)
    },
    waiting: async () => {
      const rows = await database.read(
        query
          .selectFrom('unverified_request')
          .select(({ fn }) => [
            'key_id',
            fn.countAll<number>().as('count'),
            fn.min('received_at').as('since'),
          ])
          .groupBy('key_id')
          .orderBy('key_id'),
      )
      return rows.map(({ key_id, count, since }) => ({ keyId: key_id, count, since }))
    },
    oldest: async (keyIds, most) => {
      const rows = await database.read(
        query
          .selectFrom('unverified_request')
          .selectAll()
          .where('key_id', 'in', [...keyIds])
          .orderBy('received_at')
          .orderBy('id')
          .limit(most),
      )
      return rows.map((row) => ({
        id: row.id,
        target: { classId: row.class_id, token: row.token },
        keyId: row.key_id,
        receivedAt: row.received_at,
        evidence: JSON.parse(row.evidence_json),
      }))
    },
    remove: async (ids) => {
      await database.transact([query.deleteFrom('unverified_request').where('id', 'in', [...ids])])
      counted = undefined
    },
    find: async ({ keyId }, { after, limit }) => {
      let rows = query
        .selectFrom('unverified_request as u')
        .innerJoin('list as l', 'l.class_id', 'u.class_id')
        .select(['u.id', 'u.key_id', 'u.evidence_json', 'u.received_at', 'l.id as list_id', 'l.service_id'])
      if (keyId !== undefined) rows = rows.where('u.key_id', '=', keyId)
      if (after) rows = rows.where(sql<boolean>`(u.received_at, u.id) < (${sql.join(after)})`)
      const found = await database.read(
        rows.orderBy('u.received_at', 'desc').orderBy('u.id', 'desc').limit(limit),
      )
      return found.map((row) => ({
        id: row.id,
        keyId: row.key_id,
        listId: row.list_id,
        serviceId: row.service_id,
        receivedAt: row.received_at,
        evidence: JSON.parse(row.evidence_json),
      }))
    },
    discard: async (keyId) => {
      const some = query
        .selectFrom('unverified_request')
        .select('id')
        .where('key_id', '=', keyId)
        .limit(MOST_PER_COMMIT)
      let discarded = 0
      for (;;) {
        const [gone] = await database.transact([
          query.deleteFrom('unverified_request').where('id', 'in', some).returning('id'),
        ])
        discarded += gone.length
        counted = undefined
        if (gone.length < MOST_PER_COMMIT) return discarded
      }
    },
  }
}
