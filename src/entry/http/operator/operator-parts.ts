import type { AuditAction } from '../../../audit/actions.ts'
import { recordAudit } from '../../../audit/audit.ts'
import { secretKeysFile } from '../../../config/secret-keys-file.ts'
import type { Config } from '../../../config/to-config.ts'
import type { LookUpTxt } from '../../../delivery/dkim/dkim-check.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { ServiceRelays } from '../../../delivery/relay/service-relays.ts'
import { rotateKeys } from '../../../delivery/rotate-keys.ts'
import type { ExportPasswords } from '../../../exports/export-passwords.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import { backup } from '../../../storage/backup/backup.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { newest } from '../../../storage/migrate.ts'
import { type AcceptParts, createCarryOut } from '../../../unsubscribe/accept-request.ts'
import { repairKeys } from '../../../unsubscribe/repair-keys.ts'
import { createOperatorDkimParts } from './operator-dkim-parts.ts'
import type { OperatorParts } from './operator-routes.ts'

export interface OperatorCapabilities {
  config: Config
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'audit', IdSource>
  dkim: DkimStore
  lookUpTxt: LookUpTxt
  relays: ServiceRelays
  exportPasswords: ExportPasswords
  publicParts: AcceptParts
  examine: OperatorParts['examine']
  /** The native interface's, which the operator uses for all services at once. */
  native: { inbound: OperatorParts['inbound'] }
}

/** The operator's functions, each made of the capabilities of the rooms below. */
export function createOperatorParts({
  config,
  database,
  keyring,
  clock,
  ids,
  dkim,
  lookUpTxt,
  relays,
  exportPasswords,
  publicParts,
  examine,
  native,
}: OperatorCapabilities): OperatorParts {
  const record = (action: AuditAction, subject: string, detail: Record<string, unknown> = {}) =>
    recordAudit(database, ids.audit, {
      at: clock(),
      actor: 'operator',
      action,
      siteId: null,
      subject,
      detail,
    })
  return {
    status: async () => ({ engine: database.engine, schema: await newest(database) }),
    backup: async (into, onProgress) => {
      const keysFile = config.secretKeys ? undefined : secretKeysFile(config.dataDir)
      const report = await backup({ database, into, secretKeysFile: keysFile, now: clock(), onProgress })
      await record('backup.create', report.directory)
      return report
    },
    keys: {
      list: async () => {
        const { query } = database
        const rows = await database.read(query.selectFrom('secret_key').select(['id', 'created_at']))
        const first = keyring.newest.id
        return rows
          .map(({ id, created_at }) => ({ id, createdAt: created_at }))
          .sort((a, b) => Number(b.id === first) - Number(a.id === first) || b.createdAt - a.createdAt)
      },
      rotate: async () => {
        const rotation = await rotateKeys({
          config,
          keyring,
          database,
          dkim,
          relays,
          exportPasswords,
          clock,
        })
        if (rotation.rotated) await record('keys.rotate', rotation.keyId)
        return rotation
      },
      repair: async () => {
        const { unverified } = publicParts
        const repaired = await repairKeys({ keyring, unverified, carryOut: createCarryOut(publicParts) })
        if (repaired.replayed > 0) await record('keys.repair', 'keys', { replayed: repaired.replayed })
        return repaired
      },
    },
    dkim: createOperatorDkimParts({ database, dkim, lookUpTxt, clock, record }),
    inbound: native.inbound,
    examine,
  }
}
