import { DomainError, invalid } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { revisionOf } from '../kernel/revision.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import { refusingTakenName } from '../storage/refusing-taken-name.ts'
import type { Tables } from '../storage/tables.ts'
import {
  hashesOf,
  isKey,
  refuseShortKey,
  type StoredKey,
  type StoredKeys,
  storedKey,
} from './api-user-key.ts'

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
  /**
   * The IANA zone in which the Customers Mail Cloud dialect reads dates and writes times; the service's unless given.
   */
  timeZone?: string | null | undefined
}

export interface ApiUserRequest extends Omit<ApiUser, 'id'> {
  /** At least 8 characters. A user that exists keeps its key when this is left out. */
  key?: string | undefined
}

export interface StoredApiUser extends ApiUser, StoredKeys {}

/** A user as those who administer it see it. Times are UTC epoch milliseconds. */
export interface ApiUserView extends ApiUser {
  /** Stands for its current rights: it differs once they have changed. */
  revision: string
  createdAt: number
  /** To within ten minutes; null when it has never signed in. */
  lastUsedAt: number | null
  /** The previous key, for as long as it is accepted beside the new one. */
  previousKey: { until: number; lastUsedAt: number | null } | null
}

/** Those of one site, in the order of their ids. */
export async function findApiUsers(database: Database, siteId: number): Promise<ApiUser[]> {
  const rows = await database.read(
    database.query.selectFrom('api_user').selectAll().where('site_id', '=', siteId).orderBy('id'),
  )
  return rows.map((row) => withoutKey(toApiUser(row)))
}

/** Those of one site, or all, in the order of their ids. */
export async function findApiUserViews(
  database: Database,
  siteId: number | undefined,
  now: number,
): Promise<ApiUserView[]> {
  let rows = database.query.selectFrom('api_user').selectAll().orderBy('id')
  if (siteId !== undefined) rows = rows.where('site_id', '=', siteId)
  return (await database.read(rows)).map((row) => toView(row, now))
}

/** Throws DomainError `not-found`, also for a user of a site other than `siteId`. */
export async function findApiUserView(
  database: Database,
  siteId: number | undefined,
  id: number,
  now: number,
): Promise<ApiUserView> {
  return toView(await findRow(database, siteId, id), now)
}

/** Throws as `findApiUserView` does. */
export async function findApiUser(
  database: Database,
  siteId: number | undefined,
  id: number,
): Promise<ApiUser> {
  return toUser(await findRow(database, siteId, id))
}

async function findRow({ query, read }: Database, siteId: number | undefined, id: number) {
  const [row] = await read(query.selectFrom('api_user').selectAll().where('id', '=', id))
  if (!row || (siteId !== undefined && row.site_id !== siteId)) throw noApiUser()
  return row
}

export function noApiUser(): DomainError {
  return new DomainError('not-found', 'there is no such API user')
}

/** Names are unique across sites. Undefined when nobody has it. */
export async function findApiUserByName(
  database: Database,
  name: string,
): Promise<StoredApiUser | undefined> {
  const [row] = await database.read(
    database.query.selectFrom('api_user').selectAll().where('name', '=', name),
  )
  return row && toApiUser(row)
}

/** Everyone whose current or previous key has one of these hashes: nothing keeps two users from having the same key. */
export async function findApiUsersByHash(database: Database, hashes: string[]): Promise<StoredApiUser[]> {
  const rows = await database.read(
    database.query
      .selectFrom('api_user')
      .selectAll()
      .where(({ or, eb }) => or([eb('key_hash', 'in', hashes), eb('previous_key_hash', 'in', hashes)])),
  )
  return rows.map(toApiUser)
}

/**
 * Creates the user of this name, or changes it to what is asked for; repeating that changes nothing. Only a keyed hash
 * of the key is stored. Throws DomainError `name-taken` (another site has the name) or `invalid-value` (`key`).
 */
export async function putApiUser(
  database: Database,
  apiUserIds: IdSource,
  keyring: Keyring,
  request: ApiUserRequest & { now: number },
): Promise<{ user: ApiUser; outcome: 'created' | 'updated' | 'unchanged' }> {
  const { key, now, ...wanted } = request
  if (key !== undefined) refuseShortKey(key)
  const { query } = database
  const existing = await findApiUserByName(database, wanted.name)
  if (existing) {
    if (existing.siteId !== wanted.siteId) {
      throw new DomainError('name-taken', taken(wanted.name), { field: 'name' })
    }
    const { timeZone = existing.timeZone } = wanted
    const user = { ...wanted, timeZone, id: existing.id }
    const isNew = key !== undefined && !isKey(existing.key, hashesOf(keyring, key))
    if (!isNew && !differs(existing, user)) return { user, outcome: 'unchanged' }
    const change = { ...grantColumns(user), ...(isNew && onlyKey(storedKey(keyring.newest, key))) }
    await database.transact([query.updateTable('api_user').set(change).where('id', '=', user.id)])
    return { user, outcome: 'updated' }
  }
  if (key === undefined) throw invalid('key', 'is needed for a new API user')
  const user = await createApiUser(database, apiUserIds, keyring, { ...wanted, key, now })
  return { user, outcome: 'created' }
}

/** Creates a user. Throws DomainError `name-taken` when the name is in use; that user's key stays as it is. */
export async function createApiUser(
  database: Database,
  apiUserIds: IdSource,
  keyring: Keyring,
  { key, now, ...wanted }: Omit<ApiUser, 'id'> & { key: string; now: number },
): Promise<ApiUser> {
  const [id] = (await apiUserIds.take(1)) as [number]
  const user = { timeZone: null, ...wanted, id }
  const row = { id, site_id: user.siteId, name: user.name, created_at: now, last_used_at: null }
  const insert = database.query
    .insertInto('api_user')
    .values({ ...row, ...grantColumns(user), ...onlyKey(storedKey(keyring.newest, key)) })
  await refusingTakenName(taken(user.name), () => database.transact([insert]))
  return user
}

/** The part of a user that may leave this room: everything but the hashes of its keys. */
export function withoutKey({ key: _, previous: __, ...user }: StoredApiUser): ApiUser {
  return user
}

function differs(one: ApiUser, other: ApiUser): boolean {
  return JSON.stringify(grantColumns(one)) !== JSON.stringify(grantColumns(other))
}

/** Stands for the rights of a user; a change of them may be held to it. */
export function revisionOfApiUser(user: Grants): string {
  return revisionOf(grantColumns(user))
}

export type Grants = Pick<ApiUser, 'role' | 'permissions' | 'services' | 'timeZone'>

/** What a user may do, as columns of its row. Its revision is made of these too, so a new right belongs here. */
export function grantColumns({ role, permissions, services, timeZone }: Grants) {
  return {
    role,
    time_zone: timeZone ?? null,
    permissions_json: JSON.stringify(permissions),
    services_json: JSON.stringify(services),
  }
}

/** The columns of a key that is the only one from now on. */
export function onlyKey({ hash, secretId }: StoredKey) {
  return {
    ...{ key_hash: hash, hash_key_id: secretId },
    ...{ previous_key_hash: null, previous_hash_key_id: null, previous_until: null, previous_used_at: null },
  }
}

function toApiUser(row: Tables['api_user']): StoredApiUser {
  const { previous_key_hash: hash, previous_hash_key_id: secretId, previous_until: until } = row
  return {
    ...toUser(row),
    key: { hash: row.key_hash, secretId: row.hash_key_id },
    previous: hash !== null && secretId !== null && until !== null ? { hash, secretId, until } : null,
  }
}

function toView(row: Tables['api_user'], now: number): ApiUserView {
  const { previous_until: until, previous_used_at: lastUsedAt } = row
  return {
    ...toUser(row),
    revision: revisionOfApiUser(toUser(row)),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    previousKey: until !== null && until > now ? { until, lastUsedAt } : null,
  }
}

function toUser(row: Tables['api_user']): ApiUser {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    role: row.role,
    permissions: JSON.parse(row.permissions_json),
    services: JSON.parse(row.services_json),
    timeZone: row.time_zone,
  }
}

function taken(name: string): string {
  return `another site has an API user ${name}`
}
