import { parseRelayUrl } from '../../config/relay.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { MASK, maskUrl } from '../../kernel/mask-url.ts'
import { requireRevision, revisionOf } from '../../kernel/revision.ts'
import { isSealedByNewest, seal, unseal } from '../../kernel/sealing.ts'
import type { Database } from '../../storage/database.ts'

/** The URLs of the relays that services have of their own, kept sealed. */
export interface RelayUrls {
  all(): Promise<{ serviceId: number; sealed: string }[]>
  /** Undefined when no secret key of this process opens it. */
  open(serviceId: number, sealed: string): string | undefined
  /** With its password masked; null when the service has none. */
  shown(serviceId: number): Promise<string | null>
  /**
   * The same, with the revision that a change may be held to; it differs for every URL that is stored, also when only
   * the password is new.
   */
  view(serviceId: number): Promise<{ url: string | null; revision: string }>
  /**
   * Answers whether that changed anything. `seen` is the revision that the caller's change was based on. Throws for
   * anything but the URL of a relay, and DomainError `changed-meanwhile`.
   */
  set(serviceId: number, url: string | null, seen?: string): Promise<boolean>
  /** Seals every URL anew with the newest secret key; answers how many. */
  reseal(): Promise<number>
}

export function createRelayUrls(database: Database, keyring: Keyring): RelayUrls {
  const { query } = database
  const rows = () => query.selectFrom('service_relay').selectAll()

  const find = async (serviceId: number) =>
    (await database.read(rows().where('service_id', '=', serviceId)))[0]?.sealed_url

  const open = (serviceId: number, sealed: string) => {
    try {
      return unseal(keyring, placeOf(serviceId), sealed)
    } catch {
      return undefined
    }
  }

  /** Writes `url` only if `before` is still there; returns a row if it was. */
  const replace = (serviceId: number, before: string | undefined, url: string | null) => {
    if (url === null) {
      return query
        .deleteFrom('service_relay')
        .where('service_id', '=', serviceId)
        .where('sealed_url', '=', before ?? '')
        .returning('service_id')
    }
    const sealed_url = seal(keyring, placeOf(serviceId), url)
    if (before === undefined) {
      return query
        .insertInto('service_relay')
        .values({ service_id: serviceId, sealed_url })
        .onConflict((conflict) => conflict.doNothing())
        .returning('service_id')
    }
    return query
      .updateTable('service_relay')
      .set({ sealed_url })
      .where('service_id', '=', serviceId)
      .where('sealed_url', '=', before)
      .returning('service_id')
  }

  const view = async (serviceId: number) => {
    const sealed = await find(serviceId)
    const revision = revisionOf(sealed ?? null)
    if (sealed === undefined) return { url: null, revision }
    const url = open(serviceId, sealed)
    return { url: url === undefined ? MASK : maskUrl(url), revision }
  }

  return {
    open,
    all: async () =>
      (await database.read(rows())).map((row) => ({ serviceId: row.service_id, sealed: row.sealed_url })),
    view,
    shown: async (serviceId) => (await view(serviceId)).url,
    set: async (serviceId, url, seen) => {
      if (url !== null) parseRelayUrl(url)
      for (;;) {
        const sealed = await find(serviceId)
        requireRevision(seen, revisionOf(sealed ?? null))
        const isSame = url === null ? sealed === undefined : sealed && open(serviceId, sealed) === url
        if (isSame) return false
        const [rows] = await database.transact([replace(serviceId, sealed, url)])
        if (rows.length > 0) return true
      }
    },
    reseal: async () => {
      const stale = (await database.read(rows())).filter(
        ({ sealed_url }) => !isSealedByNewest(keyring, sealed_url),
      )
      const statements = stale.map(({ service_id, sealed_url }) => {
        const url = unseal(keyring, placeOf(service_id), sealed_url)
        return query
          .updateTable('service_relay')
          .set({ sealed_url: seal(keyring, placeOf(service_id), url) })
          .where('service_id', '=', service_id)
          .where('sealed_url', '=', sealed_url)
      })
      if (statements.length > 0) await database.transact(statements)
      return statements.length
    },
  }
}

function placeOf(serviceId: number): string {
  return `relay of service ${serviceId}`
}
