import { randomBytes } from 'node:crypto'
import { toMasterKey } from '../config/master-key.ts'
import { readSecretKeys } from '../config/secret-keys-file.ts'
import type { Config } from '../config/to-config.ts'
import { addSecretKey } from '../config/to-secrets.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Database } from '../storage/database.ts'
import { registerSecretKeys } from '../storage/secret-keys.ts'
import type { DkimStore } from './dkim/dkim-store.ts'
import type { ServiceRelays } from './relay/service-relays.ts'

export interface RotationParts {
  config: Pick<Config, 'dataDir' | 'secretKeys'>
  keyring: Keyring
  database: Database
  dkim: Pick<DkimStore, 'reseal'>
  relays: Pick<ServiceRelays, 'reseal'>
  exportPasswords: { reseal(): Promise<number> }
  clock: Clock
}

export type Rotation =
  /** `resealed` is how many stored DKIM keys, relay URLs and export passwords the new key now seals. */
  | { rotated: true; keyId: string; resealed: number }
  /**
   * Refused: the keys are in KAIJO_SECRET_KEYS, which only the operator can change. `secret` is a fresh key for it,
   * stored nowhere, and `steps` say where it goes.
   */
  | { rotated: false; keyId: string; secret: string; steps: readonly string[] }

/**
 * Makes a fresh key the newest one, in this process too; the older ones go on opening what they sealed. The file is
 * written first: a key that the database knows and no file holds would keep every process from starting, while a
 * rotation cut off before the database is completed at the next start. Rejects, before anything is changed, with a
 * ConfigError when the file is unusable, with DatabaseUnavailable, or with an Error that names keys of the installation
 * that are missing here.
 */
export async function rotateKeys(parts: RotationParts): Promise<Rotation> {
  const { config, keyring, database, dkim, relays, exportPasswords, clock } = parts
  if (config.secretKeys) return byHand()
  await takeIn(parts)
  const key = await addSecretKey(config.dataDir, clock)
  keyring.add(key)
  await registerSecretKeys(database, keyring, clock())
  const resealed = (await dkim.reseal()) + (await relays.reseal()) + (await exportPasswords.reseal())
  return { rotated: true, keyId: key.id, resealed }
}

/** Takes in keys that the file has and this process lacks, from a rotation that was cut off. */
async function takeIn({ config, keyring, database, clock }: RotationParts): Promise<void> {
  const stored = await readSecretKeys(config.dataDir)
  for (const key of stored?.keys.toReversed() ?? []) keyring.add(key)
  await registerSecretKeys(database, keyring, clock())
}

/**
 * The steps make a key known everywhere before it mints anywhere: a process that meets a link of an unknown key can
 * only set it aside.
 */
function byHand(): Rotation {
  const { id, bytes } = toMasterKey(randomBytes(32))
  return {
    rotated: false,
    keyId: id,
    secret: bytes.toString('base64'),
    steps: [
      'The keys stand in KAIJO_SECRET_KEYS, so Kaijo cannot rotate them by itself. Here is a fresh one.',
      'First add it at the END of KAIJO_SECRET_KEYS of every process, after a comma, and restart them one by one: all can open what it seals then.',
      'Then move it to the FRONT everywhere and restart them one by one again: from now on it seals.',
      'Never drop an older key: the links in mails that were sent need it for ever.',
    ],
  }
}
