import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { type Clock, systemClock } from '../kernel/clock.ts'
import type { MasterKey } from '../kernel/keyring.ts'
import { toMasterKey } from './master-key.ts'
import { ConfigError } from './mistake.ts'
import {
  changeSecretKeys,
  createSecretKeys,
  readSecretKeys,
  type StoredKey,
  secretKeysFile,
} from './secret-keys-file.ts'
import type { Config } from './to-config.ts'

/** `keys` are newest first, never empty. `warnings` are sentences for the operator. */
export type Secrets = { readonly keys: readonly MasterKey[]; readonly warnings: readonly string[] }

/**
 * Takes the keys from KAIJO_SECRET_KEYS, or else from `secret-keys.json` in the data directory, which the first start
 * makes with one fresh key. Throws a ConfigError when that file is unusable.
 */
export async function toSecrets(config: Config, clock: Clock = systemClock): Promise<Secrets> {
  const { dataDir, secretKeys } = config
  if (secretKeys) return { keys: secretKeys, warnings: [] }

  await makePrivate(dataDir)
  let stored = await readSecretKeys(dataDir)
  if (!stored) {
    // Of several first starts at once one wins; all go on with its key.
    await createSecretKeys(dataDir, [freshKey(clock)])
    stored = await readSecretKeys(dataDir)
  }
  if (!stored) throw dataDirMistake(`${secretKeysFile(dataDir)} vanished while it was read`)
  const warnings = stored.exposed
    ? [`${secretKeysFile(dataDir)} is open to other users; chmod it to 600`]
    : []
  return { keys: stored.keys.map(({ id, bytes }) => ({ id, bytes })), warnings }
}

/**
 * Adds a fresh key, the newest from now on, to the keys in the data directory; the older ones go on opening what they
 * sealed. Running processes use it after their next start. Throws a ConfigError when the file is missing or unusable.
 */
export async function addSecretKey(dataDir: string, clock: Clock = systemClock): Promise<MasterKey> {
  let added = freshKey(clock)
  await changeSecretKeys(dataDir, (keys) => {
    while (keys.some(({ id }) => id === added.id)) added = freshKey(clock)
    return [added, ...keys]
  })
  return { id: added.id, bytes: added.bytes }
}

function freshKey(clock: Clock): StoredKey {
  return { ...toMasterKey(randomBytes(32)), created: new Date(clock()).toISOString() }
}

async function makePrivate(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw dataDirMistake('is not a directory that can be made or used', error)
  }
}

function dataDirMistake(message: string, cause?: unknown): ConfigError {
  return new ConfigError([{ variable: 'KAIJO_DATA_DIR', message }], { cause })
}
