import type { AuditAction } from '../../../audit/actions.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { UnverifiedParts } from '../../../dialects/native/parts/unverified-parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import { decodeCursor } from '../../../storage/cursor.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { findListsById, listName } from '../../../tenants/list.ts'
import { findServices } from '../../../tenants/service.ts'
import { type AcceptParts, createCarryOut } from '../../../unsubscribe/accept-request.ts'
import { repairKeys } from '../../../unsubscribe/repair-keys.ts'
import { cut } from './native-pages.ts'

interface Capabilities {
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'audit', IdSource>
  publicParts: Omit<AcceptParts, 'journal'>
}

/** What the native interface does with requests that wait for a secret key. */
export function createUnverifiedParts(capabilities: Capabilities): UnverifiedParts {
  const { database, keyring, clock, ids, publicParts } = capabilities
  const { unverified } = publicParts
  const record = (actor: string, action: AuditAction, subject: string, detail: Record<string, unknown>) =>
    recordAudit(database, ids.audit, { at: clock(), actor, action, siteId: null, subject, detail })
  return {
    keys: async () => {
      const waiting = await unverified.waiting()
      return waiting.map((key) => ({ ...key, isHere: keyring.get(key.keyId) !== undefined }))
    },
    find: async (filter, { cursor, limit }) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor, ['integer', 'text'])
      const found = await unverified.find(filter, { after, limit: limit + 1 })
      const { items, next } = cut(found, limit, ({ receivedAt, id }) => [receivedAt, id])
      const lists = await findListsById(
        database,
        items.map(({ listId }) => listId),
      )
      const services = new Map((await findServices(database)).map(({ id, name }) => [id, name]))
      return {
        items: items.map(({ listId, ...item }) => ({
          ...item,
          service: services.get(item.serviceId) ?? '',
          list: listName(lists, listId),
        })),
        next,
      }
    },
    retry: async (actor) => {
      const repaired = await repairKeys({ keyring, unverified, carryOut: createCarryOut(publicParts) })
      const { replayed, broken } = repaired
      if (replayed + broken > 0) await record(actor, 'keys.repair', 'keys', { replayed, broken })
      return repaired
    },
    discard: async (keyId, actor) => {
      const discarded = await unverified.discard(keyId)
      if (discarded > 0) await record(actor, 'unverified.discard', keyId, { discarded })
      return discarded
    },
  }
}
