import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../kernel/clock.ts'
import type { MasterKey } from '../kernel/keyring.ts'
import { toMasterKey } from './master-key.ts'
import { changeSecretKeys, readSecretKeys, type StoredKey, secretKeysFile } from './secret-keys-file.ts'
import type { Config } from './to-config.ts'

/** `keys` are newest first, never empty. `warnings` are sentences for the operator. */
export type Secrets = { readonly keys: readonly MasterKey[]; readonly warnings: readonly string[] }

/**
 * Takes the keys from KAIJO_SECRET_KEYS, or else from `secret-keys.json` in the data directory. Undefined when there is
 * no such file yet. Throws a ConfigError when it is unusable.
 */
export function toSecrets({
  dataDir,
  secretKeys,
}: Pick<Config, 'dataDir' | 'secretKeys'>): Secrets | undefined {
  if (secretKeys) return { keys: secretKeys, warnings: [] }
  const stored = readSecretKeys(dataDir)
  if (!stored) return undefined
  const warnings = stored.exposed
    ? [`${secretKeysFile(dataDir)} is open to other users; chmod it to 600`]
    : []
  return { keys: stored.keys.map(({ id, bytes }) => ({ id, bytes })), warnings }
}

/** A new random key, not stored or registered anywhere yet. */
export function freshKey(clock: Clock): StoredKey {
  return { ...toMasterKey(randomBytes(32)), created: new Date(clock()).toISOString() }
}

/**
 * Adds a fresh key, the newest from now on, to the key file in the data directory; the older keys go on opening what
 * they sealed. Running processes use it after their next start. Throws a ConfigError when the file is missing or
 * unusable.
 */
export async function addSecretKey(dataDir: string, clock: Clock = systemClock): Promise<MasterKey> {
  let added = freshKey(clock)
  await changeSecretKeys(dataDir, (keys) => {
    while (keys.some(({ id }) => id === added.id)) added = freshKey(clock)
    return [added, ...keys]
  })
  return { id: added.id, bytes: added.bytes }
}
