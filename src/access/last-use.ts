import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import type { ApiUser } from './api-user.ts'

/** Notes that a user has signed in, and whether by the previous key; nobody waits for it. */
export type NoteUse = (user: ApiUser, byPreviousKey: boolean) => void

const WRITTEN_EVERY_MS = 10 * 60_000
const MOST_REMEMBERED = 10_000

/** Programs sign in with every call: each is noted once in ten minutes, by each of its keys. */
export function createNoteUse({
  database,
  clock,
  onError,
}: {
  database: Database
  clock: Clock
  onError(error: unknown): void
}): NoteUse {
  const written = new Map<string, number>()
  return ({ id }, byPreviousKey) => {
    const now = clock()
    const key = `${id} ${byPreviousKey}`
    if (now - (written.get(key) ?? 0) < WRITTEN_EVERY_MS) return
    if (written.size >= MOST_REMEMBERED) written.clear()
    written.set(key, now)
    const change = database.query.updateTable('api_user').where('id', '=', id)
    const columns = { last_used_at: now, ...(byPreviousKey && { previous_used_at: now }) }
    database.transact([change.set(columns)]).catch((error) => {
      written.delete(key)
      onError(error)
    })
  }
}
