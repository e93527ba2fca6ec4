import { createSecretKeys, removeSecretKeys } from '../config/secret-keys-file.ts'
import type { Config } from '../config/to-config.ts'
import { freshKey, toSecrets } from '../config/to-secrets.ts'
import type { Clock } from '../kernel/clock.ts'
import { Keyring } from '../kernel/keyring.ts'
import type { Database } from '../storage/database.ts'
import { checkKnownKeys, registerSecretKeys, SecretKeysRefused } from '../storage/secret-keys.ts'

export interface KeyringParts {
  config: Pick<Config, 'dataDir' | 'secretKeys'>
  /** Migrated. */
  database: Database
  clock: Clock
}

/** `warnings` are sentences for the operator. */
export interface OpenedKeyring {
  keyring: Keyring
  warnings: readonly string[]
}

/**
 * Opens the keys of this process, which holds the data directory, and registers them with the installation; makes the
 * first key where neither has any. Throws a ConfigError when the key file is unusable, and SecretKeysRefused when the
 * installation has keys that this process lacks; a key file made on the way is then removed again.
 */
export async function openKeyring(parts: KeyringParts): Promise<OpenedKeyring> {
  const { config, database, clock } = parts
  const secrets = toSecrets(config)
  if (!secrets) return makeKeyring(parts)
  const keyring = new Keyring(secrets.keys)
  await registerSecretKeys(database, keyring, clock())
  return { keyring, warnings: secrets.warnings }
}

/**
 * The file is on disk before the database knows of its key: the other way round, a power failure in between would
 * leave an installation that nothing can open.
 */
async function makeKeyring(parts: KeyringParts): Promise<OpenedKeyring> {
  const { config, database, clock } = parts
  const key = freshKey(clock)
  const keyring = new Keyring([key])
  try {
    await checkKnownKeys(database, keyring)
  } catch (error) {
    // Another process may have made keys in this directory since it was looked at.
    if (error instanceof SecretKeysRefused && toSecrets(config)) return openKeyring(parts)
    throw error
  }
  // Another process was quicker and has made the keys of this directory.
  if (!(await createSecretKeys(config.dataDir, [key]))) return openKeyring(parts)
  try {
    await registerSecretKeys(database, keyring, clock())
  } catch (error) {
    // Another process made the installation's first key meanwhile. After any other error ours may be known by now.
    if (error instanceof SecretKeysRefused) await removeSecretKeys(config.dataDir)
    throw error
  }
  return { keyring, warnings: [] }
}
