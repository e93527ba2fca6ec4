import { parseRelayUrl } from '../../config/relay.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { MASK, maskUrl } from '../../kernel/mask-url.ts'
import { seal, unseal } from '../../kernel/sealing.ts'
import type { Database } from '../../storage/database.ts'

/** The URLs of the relays that services have of their own, kept sealed. */
export interface RelayUrls {
  all(): Promise<{ serviceId: number; sealed: string }[]>
  /** Undefined when no secret key of this process opens it. */
  open(serviceId: number, sealed: string): string | undefined
  /** With its password masked; null when the service has none. */
  shown(serviceId: number): Promise<string | null>
  /** Answers whether that changed anything. Throws for what is no URL of a relay. */
  set(serviceId: number, url: string | null): Promise<boolean>
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

  const put = (serviceId: number, url: string) => {
    const sealed_url = seal(keyring, placeOf(serviceId), url)
    return query
      .insertInto('service_relay')
      .values({ service_id: serviceId, sealed_url })
      .onConflict((conflict) => conflict.column('service_id').doUpdateSet({ sealed_url }))
  }

  return {
    open,
    all: async () =>
      (await database.read(rows())).map((row) => ({ serviceId: row.service_id, sealed: row.sealed_url })),
    shown: async (serviceId) => {
      const sealed = await find(serviceId)
      if (sealed === undefined) return null
      const url = open(serviceId, sealed)
      return url === undefined ? MASK : maskUrl(url)
    },
    set: async (serviceId, url) => {
      if (url !== null) parseRelayUrl(url)
      const sealed = await find(serviceId)
      const isSame = url === null ? sealed === undefined : sealed && open(serviceId, sealed) === url
      if (isSame) return false
      await database.transact([
        url === null
          ? query.deleteFrom('service_relay').where('service_id', '=', serviceId)
          : put(serviceId, url),
      ])
      return true
    },
    reseal: async () => {
      const stale = (await database.read(rows())).filter(
        ({ sealed_url }) => !sealed_url.startsWith(`${keyring.newest.id}.`),
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
