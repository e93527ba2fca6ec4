import { timingSafeEqual } from 'node:crypto'
import { DomainError, invalid } from '../kernel/domain-error.ts'
import type { DerivedKeys, Keyring } from '../kernel/keyring.ts'
import { keyedHash } from '../kernel/sealing.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { Tables } from '../storage/tables.ts'

export const PERMISSIONS = ['view', 'download', 'send', 'edit'] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = ['group-admin', 'user'] as const
export type Role = (typeof ROLES)[number]

/** Credentials of a site: what a program signs in with. */
export interface ApiUser {
  id: number
  siteId: number
  /** Unique across sites, since a program names no site. */
  name: string
  role: Role
  /** What a `user` may do; a `group-admin` may do everything. */
  permissions: Permission[]
  /** Names of services of the site; none means all of them. */
  services: string[]
  /** IANA, in which the dialect of Customers Mail Cloud reads its dates and writes its times; without it, the service's. */
  timeZone?: string | null | undefined
}

export interface ApiUserRequest extends Omit<ApiUser, 'id'> {
  /** At least 8 characters. May be left out for a user that exists: it keeps its key. */
  key?: string | undefined
}

export const SHORTEST_KEY = 8

export interface StoredApiUser extends ApiUser {
  keyHash: string
  hashKeyId: string
}

export async function findApiUsers(database: Database, siteId: number): Promise<ApiUser[]> {
  const rows = await database.read(
    database.query.selectFrom('api_user').selectAll().where('site_id', '=', siteId).orderBy('id'),
  )
  return rows.map((row) => withoutKey(toApiUser(row)))
}

export async function findApiUserByName(
  database: Database,
  name: string,
): Promise<StoredApiUser | undefined> {
  const [row] = await database.read(
    database.query.selectFrom('api_user').selectAll().where('name', '=', name),
  )
  return row && toApiUser(row)
}

/** Everyone whose key has one of these hashes; nothing keeps two users from having the same key. */
export async function findApiUsersByHash(database: Database, hashes: string[]): Promise<StoredApiUser[]> {
  const rows = await database.read(
    database.query.selectFrom('api_user').selectAll().where('key_hash', 'in', hashes),
  )
  return rows.map(toApiUser)
}

/**
 * Creates the user of this name or makes it what is asked for; a repeat changes nothing. Only a keyed hash of the key
 * is stored. Throws DomainError `name-taken` (another site has the name) or `invalid-value` (`key`).
 */
export async function putApiUser(
  database: Database,
  apiUserIds: IdSource,
  keyring: Keyring,
  request: ApiUserRequest & { now: number },
): Promise<{ user: ApiUser; outcome: 'created' | 'updated' | 'unchanged' }> {
  const { key, now, ...wanted } = request
  if (key !== undefined && key.length < SHORTEST_KEY) {
    throw invalid('key', `must have at least ${SHORTEST_KEY} characters`)
  }
  const { query } = database
  const existing = await findApiUserByName(database, wanted.name)
  if (existing) {
    if (existing.siteId !== wanted.siteId) throw nameTaken(wanted.name)
    const { timeZone = existing.timeZone } = wanted
    const user = { ...wanted, timeZone, id: existing.id }
    if (!differs(existing, user) && !isNewKey(keyring, existing, key)) return { user, outcome: 'unchanged' }
    const change = { ...grantColumns(user), ...(key === undefined ? {} : keyColumns(keyring.newest, key)) }
    await database.transact([query.updateTable('api_user').set(change).where('id', '=', user.id)])
    return { user, outcome: 'updated' }
  }
  if (key === undefined) throw invalid('key', 'is needed for a new API user')
  const user = await createApiUser(database, apiUserIds, keyring, { ...wanted, key, now })
  return { user, outcome: 'created' }
}

/** Creates a user. Throws DomainError `name-taken` when there is one of this name, whose key stays as it is. */
export async function createApiUser(
  database: Database,
  apiUserIds: IdSource,
  keyring: Keyring,
  { key, now, ...wanted }: Omit<ApiUser, 'id'> & { key: string; now: number },
): Promise<ApiUser> {
  const [id] = (await apiUserIds.take(1)) as [number]
  const user = { timeZone: null, ...wanted, id }
  const row = { id, site_id: user.siteId, name: user.name, created_at: now }
  try {
    await database.transact([
      database.query
        .insertInto('api_user')
        .values({ ...row, ...grantColumns(user), ...keyColumns(keyring.newest, key) }),
    ])
  } catch (error) {
    if (error instanceof UniqueViolation) throw nameTaken(user.name)
    throw error
  }
  return user
}

/** Hashes the key anew under the newest secret, unless it was changed in the meantime. */
export async function renewKeyHash(
  database: Database,
  newest: DerivedKeys,
  user: StoredApiUser,
  key: string,
): Promise<void> {
  const change = database.query.updateTable('api_user').set(keyColumns(newest, key))
  await database.transact([change.where('id', '=', user.id).where('key_hash', '=', user.keyHash)])
}

export function withoutKey({ keyHash: _, hashKeyId: __, ...user }: StoredApiUser): ApiUser {
  return user
}

/** Compares in constant time. */
export function hasHash(user: Pick<StoredApiUser, 'keyHash'>, hash: string): boolean {
  const [stored, given] = [Buffer.from(user.keyHash), Buffer.from(hash)]
  return stored.length === given.length && timingSafeEqual(stored, given)
}

function isNewKey(keyring: Keyring, user: StoredApiUser, key: string | undefined): boolean {
  if (key === undefined) return false
  const keys = keyring.get(user.hashKeyId)
  return !keys || !hasHash(user, keyedHash(keys, key))
}

function differs(one: ApiUser, other: ApiUser): boolean {
  return JSON.stringify(grantColumns(one)) !== JSON.stringify(grantColumns(other))
}

function grantColumns({ role, permissions, services, timeZone }: ApiUser) {
  return {
    role,
    time_zone: timeZone ?? null,
    permissions_json: JSON.stringify(permissions),
    services_json: JSON.stringify(services),
  }
}

function keyColumns(keys: DerivedKeys, key: string) {
  return { key_hash: keyedHash(keys, key), hash_key_id: keys.id }
}

function toApiUser(row: Tables['api_user']): StoredApiUser {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    role: row.role,
    permissions: JSON.parse(row.permissions_json),
    services: JSON.parse(row.services_json),
    timeZone: row.time_zone,
    keyHash: row.key_hash,
    hashKeyId: row.hash_key_id,
  }
}

function nameTaken(name: string): DomainError {
  return new DomainError('name-taken', `another site has an API user ${name}`, { field: 'name' })
}
