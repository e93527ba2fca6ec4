import { DomainError } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'

/** Where a person is signed in. */
export interface SessionView {
  id: string
  clientAddress: string | null
  userAgent: string | null
  createdAt: number
  lastUsedAt: number
  expiresAt: number
}

/** A person's current sessions, most recently used first; expired ones are left out. */
export async function findSessions(
  database: Database,
  personId: string,
  now: number,
): Promise<SessionView[]> {
  const rows = await database.read(
    database.query
      .selectFrom('person_session')
      .select(['id', 'ip_address', 'user_agent', 'created_at', 'updated_at', 'expires_at'])
      .where('person_id', '=', personId)
      .where('expires_at', '>', now)
      .orderBy('updated_at', 'desc')
      .orderBy('created_at', 'desc'),
  )
  return rows.map(({ id, ...row }) => ({
    id,
    clientAddress: row.ip_address || null,
    userAgent: row.user_agent || null,
    createdAt: row.created_at,
    lastUsedAt: row.updated_at,
    expiresAt: row.expires_at,
  }))
}

const NOTED_EVERY_MS = 60_000

/** Notes that a session is in use, once in a minute; nobody waits for it. */
export function noteUse(
  { database, onError }: { database: Database; onError(error: unknown): void },
  { id, lastUsedAt }: { id: string; lastUsedAt: number },
  now: number,
): void {
  if (now - lastUsedAt < NOTED_EVERY_MS) return
  const change = database.query.updateTable('person_session').set({ updated_at: now }).where('id', '=', id)
  database.transact([change]).catch(onError)
}

/** Ends one of a person's sessions at once. Throws DomainError `not-found`. */
export async function endSession(database: Database, personId: string, id: string): Promise<void> {
  const { query } = database
  const [rows] = await database.transact([
    query.deleteFrom('person_session').where('id', '=', id).where('person_id', '=', personId).returning('id'),
  ])
  if (rows.length === 0) throw new DomainError('not-found', 'there is no such session')
}

/** Removes the second factor of somebody who can no longer use it, and ends their sessions. */
export async function removeSecondFactor(database: Database, personId: string): Promise<void> {
  const { query } = database
  await database.transact([
    query.updateTable('person').set({ two_factor_enabled: 0 }).where('id', '=', personId),
    query.deleteFrom('person_second_factor').where('person_id', '=', personId),
    query.deleteFrom('person_session').where('person_id', '=', personId),
  ])
}
