import type { Keyring } from '../kernel/keyring.ts'
import type { Database } from './database.ts'

/**
 * Makes the keys of this process known to the installation and checks that it holds every key that the
 * installation has: without one of them, links in mails that were sent could no longer be opened.
 * Throws with the ids of missing or different keys. Only ids and check values are stored.
 */
export async function registerSecretKeys(database: Database, keyring: Keyring, now: number): Promise<void> {
  const { query } = database
  const known = await database.read(query.selectFrom('secret_key').selectAll())
  const missing = known.filter(({ id }) => !keyring.get(id))
  if (missing.length > 0) {
    throw new Error(`secret keys missing: ${missing.map(({ id }) => id).join(', ')}. ${ADVICE}`)
  }
  const different = known.filter(({ id, check_value }) => keyring.get(id)?.checkValue !== check_value)
  if (different.length > 0) {
    throw new Error(
      `secret keys differ from the database's: ${different.map(({ id }) => id).join(', ')}. ${ADVICE}`,
    )
  }
  const fresh = keyring.all().filter(({ id }) => !known.some((row) => row.id === id))
  if (fresh.length === 0) return
  await database.transact([
    query
      .insertInto('secret_key')
      .values(
        fresh.map(({ id, checkValue }) => ({
          id,
          check_value: checkValue,
          purpose: 'ring' as const,
          created_at: now,
        })),
      )
      .onConflict((oc) => oc.column('id').doNothing()),
  ])
}

const ADVICE =
  'Give this process every key of the installation: KAIJO_SECRET_KEYS, or the secret-keys.json of the data directory that made it.'
