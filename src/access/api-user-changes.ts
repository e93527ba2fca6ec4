import type { DerivedKeys, Keyring } from '../kernel/keyring.ts'
import { requireRevision } from '../kernel/revision.ts'
import { withoutUndefined } from '../kernel/without-undefined.ts'
import type { Database } from '../storage/database.ts'
import {
  type ApiUser,
  findApiUser,
  type Grants,
  grantColumns,
  noApiUser,
  onlyKey,
  revisionOfApiUser,
  type StoredApiUser,
} from './api-user.ts'
import { type StoredKey, storedKey } from './api-user-key.ts'

/* Changes of API users that exist. A function that names one throws DomainError `not-found` when it is gone. */

/**
 * Changes the rights that are given and leaves the others as they are; takes effect at once, also beside changes made
 * by others at the same time. `seen` is the revision that the caller's change was based on. Answers the user as it was
 * before. Throws DomainError `not-found` or `changed-meanwhile`.
 */
export async function updateApiUser(
  database: Database,
  { id, siteId }: { id: number; siteId: number | undefined },
  change: { [K in keyof Grants]?: Grants[K] | undefined },
  seen?: string,
): Promise<ApiUser> {
  for (;;) {
    const before = await findApiUser(database, siteId, id)
    requireRevision(seen, revisionOfApiUser(before))
    const { role, permissions, services, timeZone } = before
    const after = { role, permissions, services, timeZone, ...withoutUndefined(change) }
    const { time_zone, ...had } = grantColumns(before)
    const [rows] = await database.transact([
      database.query
        .updateTable('api_user')
        .set(grantColumns(after))
        .where('id', '=', id)
        .where((eb) => eb.and(had))
        .where('time_zone', time_zone === null ? 'is' : '=', time_zone)
        .returning('id'),
    ])
    if (rows.length > 0) return before
  }
}

/**
 * Gives it a new key. The old key is accepted beside it until `previousUntil` (UTC epoch milliseconds), or ends at once
 * without one. At most one old key is accepted at a time: any earlier one ends now.
 */
export async function rotateKey(
  database: Database,
  keyring: Keyring,
  { id, key, previousUntil }: { id: number; key: string; previousUntil: number | undefined },
): Promise<void> {
  const { key_hash, hash_key_id, ...withoutPrevious } = onlyKey(storedKey(keyring.newest, key))
  const change = database.query
    .updateTable('api_user')
    .set({ key_hash, hash_key_id })
    .set(({ ref }) =>
      previousUntil === undefined
        ? withoutPrevious
        : {
            previous_key_hash: ref('key_hash'),
            previous_hash_key_id: ref('hash_key_id'),
            previous_until: previousUntil,
            previous_used_at: null,
          },
    )
  await onOne(database, change.where('id', '=', id).returning('id'))
}

/** Ends the previous key at once. */
export async function endPreviousKey(database: Database, id: number): Promise<void> {
  const { key_hash: _, hash_key_id: __, ...withoutPrevious } = onlyKey({ hash: '', secretId: '' })
  const change = database.query.updateTable('api_user').set(withoutPrevious).where('id', '=', id)
  await onOne(database, change.returning('id'))
}

/** Ends a user, with its keys and tokens. What it did stays on record, and its name is free again. */
export async function revokeApiUser(database: Database, id: number): Promise<void> {
  await onOne(database, database.query.deleteFrom('api_user').where('id', '=', id).returning('id'))
}

/** Rehashes the key that was used under the newest secret, unless the key was changed in the meantime. */
export async function renewKeyHash(
  database: Database,
  newest: DerivedKeys,
  { user, used, key }: { user: StoredApiUser; used: StoredKey; key: string },
): Promise<void> {
  const { hash, secretId } = storedKey(newest, key)
  const change = database.query.updateTable('api_user').where('id', '=', user.id)
  await database.transact([
    used === user.key
      ? change.set({ key_hash: hash, hash_key_id: secretId }).where('key_hash', '=', used.hash)
      : change
          .set({ previous_key_hash: hash, previous_hash_key_id: secretId })
          .where('previous_key_hash', '=', used.hash),
  ])
}

async function onOne(database: Database, statement: Parameters<Database['transact']>[0][number]) {
  const [rows] = await database.transact([statement])
  if ((rows as unknown[]).length === 0) throw noApiUser()
}
