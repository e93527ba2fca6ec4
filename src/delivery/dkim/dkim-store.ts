import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Keyring } from '../../kernel/keyring.ts'
import { isSealedByNewest } from '../../kernel/sealing.ts'
import type { DkimSigner } from '../../mail/dkim.ts'
import type { Database } from '../../storage/database.ts'
import { createDkimChanges, type DkimChanges } from './dkim-changes.ts'
import { type DkimLife, keysThatSign } from './dkim-life.ts'
import { type DkimKey, lifeOf, readDkimKeys, sealDkimKey, unsealDkimKey } from './dkim-rows.ts'

export interface DkimStore extends DkimChanges {
  /** By domain and selector. */
  list(domain?: string): Promise<DkimKey[]>
  /**
   * The keys that sign mail from this domain for this service, by the rule of `keysThatSign`; called for every message.
   */
  signingKeys(domain: string, serviceId: number, now: number): Promise<DkimSigner[]>
  /** Seals every private key anew with the newest secret key; answers how many. */
  reseal(): Promise<number>
}

type SigningKey = DkimSigner & DkimLife

const REMEMBERED_MS = 5_000

export function createDkimStore(database: Database, keyring: Keyring): DkimStore {
  const { query } = database
  let remembered: { until: number; keys: Promise<Map<string, SigningKey[]>> } | undefined
  /** By sealed form: parsing a key takes longer than a look-up, and keys rarely change. */
  let opened = new Map<string, KeyObject>()

  const readSigningKeys = async (now: number) => {
    const rows = await database.read(
      query
        .selectFrom('dkim_key')
        .selectAll()
        .where((when) => when.or([when('signs_until', 'is', null), when('signs_until', '>', now)]))
        .orderBy('algorithm')
        .orderBy('selector'),
    )
    const before = opened
    opened = new Map(
      rows.map((row) => {
        const sealed = row.sealed_private_key
        return [sealed, before.get(sealed) ?? createPrivateKey(unsealDkimKey(keyring, row))]
      }),
    )
    const keys = rows.map((row) => ({
      ...lifeOf(row),
      selector: row.selector,
      privateKey: opened.get(row.sealed_private_key) as KeyObject,
    }))
    return Map.groupBy(keys, ({ domain }) => domain)
  }

  const forgetting =
    <R, A>(change: (request: R) => Promise<A>) =>
    async (request: R) => {
      try {
        return await change(request)
      } finally {
        remembered = undefined
      }
    }
  const changes = createDkimChanges(database, keyring)

  return {
    create: forgetting(changes.create),
    import: forgetting(changes.import),
    rotate: forgetting(changes.rotate),
    activate: forgetting(changes.activate),
    retire: forgetting(changes.retire),
    remove: forgetting(changes.remove),
    list: (domain) => readDkimKeys(database, domain),
    signingKeys: async (domain, serviceId, now) => {
      if (!remembered || remembered.until < performance.now()) {
        remembered = { until: performance.now() + REMEMBERED_MS, keys: readSigningKeys(now) }
      }
      const keys = await remembered.keys.catch((error) => {
        remembered = undefined
        throw error
      })
      return keysThatSign(keys, domain, serviceId, now)
    },
    reseal: async () => {
      const rows = await database.read(query.selectFrom('dkim_key').selectAll())
      const stale = rows.filter(({ sealed_private_key }) => !isSealedByNewest(keyring, sealed_private_key))
      const statements = stale.map((row) =>
        query
          .updateTable('dkim_key')
          .set({ sealed_private_key: sealDkimKey(keyring, row, unsealDkimKey(keyring, row)) })
          .where('domain', '=', row.domain)
          .where('selector', '=', row.selector)
          .where('sealed_private_key', '=', row.sealed_private_key),
      )
      if (statements.length > 0) await database.transact(statements)
      return statements.length
    },
  }
}
