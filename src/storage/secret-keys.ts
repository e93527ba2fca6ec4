import { sql } from 'kysely'
import type { Keyring } from '../kernel/keyring.ts'
import type { Database } from './database.ts'
import { rowSet } from './row-set.ts'

/** The installation has keys that this process lacks. The message names them by their ids. */
export class SecretKeysRefused extends Error {
  override readonly name = 'SecretKeysRefused'
}

/**
 * Registers the keys of this process with the installation and checks that it holds every key that the installation
 * has: without one of them, links in mail already sent could not be opened. Throws SecretKeysRefused. Only ids and
 * check values are stored.
 */
export async function registerSecretKeys(database: Database, keyring: Keyring, now: number): Promise<void> {
  const known = await checkKnownKeys(database, keyring)
  if (keyring.all().every(({ id }) => known.has(id))) return
  await database.transact([oneByOne(database), insertUnlessStranger(database, keyring, now)])
  await checkKnownKeys(database, keyring)
}

const ADVICE =
  'Give this process every key of the installation: KAIJO_SECRET_KEYS, or the secret-keys.json of the data directory that made it.'

/** Answers the ids that the installation knows. Throws SecretKeysRefused when one of its keys is missing or different. */
export async function checkKnownKeys(database: Database, keyring: Keyring): Promise<Set<string>> {
  const known = await database.read(database.query.selectFrom('secret_key').selectAll())
  const missing = known.filter(({ id }) => !keyring.get(id))
  if (missing.length > 0) {
    throw new SecretKeysRefused(`secret keys missing: ${missing.map(({ id }) => id).join(', ')}. ${ADVICE}`)
  }
  const different = known.filter(({ id, check_value }) => keyring.get(id)?.checkValue !== check_value)
  if (different.length > 0) {
    throw new SecretKeysRefused(
      `secret keys differ from the database's: ${different.map(({ id }) => id).join(', ')}. ${ADVICE}`,
    )
  }
  return new Set(known.map(({ id }) => id))
}

/** Processes that register keys at the same moment wait for each other at this row. */
function oneByOne(database: Database) {
  return database.query
    .insertInto('id_block')
    .values({ name: 'secret-key', next: 0 })
    .onConflict((oc) => oc.column('name').doUpdateSet({ next: 0 }))
}

/**
 * Two new processes that each made keys of their own must not both register them: then neither could ever start again.
 * The second one finds the first one's, registers none and refuses.
 */
function insertUnlessStranger(database: Database, keyring: Keyring, now: number) {
  const keys = keyring.all().map(({ id, checkValue }) => ({ id, check_value: checkValue }))
  const given = rowSet(database, 'given', { id: 'text', check_value: 'text' }, keys)
  return database.query
    .insertInto('secret_key')
    .columns(['id', 'check_value', 'purpose', 'created_at'])
    .expression(
      (eb) =>
        eb
          .selectFrom(given)
          .select(['id', 'check_value', sql.lit('ring').as('purpose'), sql<number>`${now}`.as('created_at')])
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('secret_key as known')
                  .select('known.id')
                  .where(
                    'known.id',
                    'not in',
                    keys.map(({ id }) => id),
                  ),
              ),
            ),
          ) as never,
    )
    .onConflict((oc) => oc.column('id').doNothing())
}
