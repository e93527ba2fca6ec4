import { createHash } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import type { Evidence } from '../suppression/change.ts'

interface UnverifiedRequest {
  target: { classId: string; token: string }
  keyId: string
  receivedAt: number
  evidence: Omit<Evidence, 'keyId'>
}

/** Requests whose token was sealed with a key that this process lacks, kept raw until the key is back. */
export interface UnverifiedStore {
  keep(request: UnverifiedRequest): Promise<void>
  /** Per key id how many wait, and since when. */
  waiting(): Promise<{ keyId: string; count: number; since: number }[]>
  /** The oldest that wait for one of these keys. */
  oldest(keyIds: readonly string[], most: number): Promise<(UnverifiedRequest & { id: string })[]>
  remove(ids: readonly string[]): Promise<void>
}

export function createUnverifiedStore(database: Database): UnverifiedStore {
  const { query } = database
  return {
    keep: async ({ target, keyId, receivedAt, evidence }) => {
      // A provider that repeats itself must not grow the table.
      const id = createHash('sha256').update(`${target.classId} ${target.token}`).digest('base64url')
      await database.transact([
        query
          .insertInto('unverified_request')
          .values({
            id,
            class_id: target.classId,
            token: target.token,
            key_id: keyId,
            evidence_json: JSON.stringify(evidence),
            received_at: receivedAt,
          })
          .onConflict((oc) => oc.column('id').doNothing()),
      ])
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
    },
  }
}
