import { parseRelayUrl } from '../../config/relay.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import type { Database } from '../../storage/database.ts'
import { findServices } from '../../tenants/service.ts'
import { createRelay, type Relay, type RelayAnswer } from './relay.ts'
import { createRelayUrls, type RelayUrls } from './relay-urls.ts'

/** The relays that services have of their own, and their URLs. */
export interface ServiceRelays extends Pick<RelayUrls, 'shown' | 'view' | 'set' | 'reseal'> {
  /**
   * The service's own relay, or else the installation's, if it has one. A new URL or number of connections makes a new
   * relay; changes by other processes are seen within 5 seconds. Rejects with DatabaseUnavailable rather than guess.
   * `anew` looks at once.
   */
  of(serviceId: number, options?: { anew: boolean }): Promise<Relay | undefined>
  close(): void
}

interface ServiceRelayParts {
  database: Database
  keyring: Keyring
  /** The installation's. */
  fallback: Relay | undefined
  rememberedMs?: number
}

interface InUse {
  sealed: string
  url: string | undefined
  relay: Relay
  /** Ends it after what is under way. Whoever still holds it then sends by its replacement. */
  retire(): void
}

const REMEMBERED_MS = 5_000

export function createServiceRelays(parts: ServiceRelayParts): ServiceRelays {
  const { database, keyring, fallback, rememberedMs = REMEMBERED_MS } = parts
  const urls = createRelayUrls(database, keyring)
  const own = new Map<number, InUse>()
  let freshUntil = 0
  let lastLook: Promise<void> = Promise.resolve()

  const current = (serviceId: number) => own.get(serviceId)?.relay ?? fallback

  const retire = (serviceId: number) => {
    const old = own.get(serviceId)
    own.delete(serviceId)
    old?.retire()
  }

  const settle = (serviceId: number, sealed: string, connections: number) => {
    const before = own.get(serviceId)
    const isAsWide = before?.relay.connections === connections
    if (isAsWide && before.sealed === sealed && before.url !== undefined) return
    const url = urls.open(serviceId, sealed)
    if (isAsWide && before.url === url) {
      before.sealed = sealed
      return
    }
    retire(serviceId)
    const relay =
      url === undefined ? { ...UNREADABLE, connections } : createRelay(parseRelayUrl(url), { connections })
    own.set(serviceId, { sealed, url, ...replaceable(relay, () => current(serviceId)) })
  }

  const look = async () => {
    const rows = await urls.all()
    const services = rows.length > 0 ? await findServices(database) : []
    const connections = new Map(services.map(({ id, settings }) => [id, settings.connections]))
    const named = new Set(rows.map(({ serviceId }) => serviceId))
    for (const serviceId of [...own.keys()]) if (!named.has(serviceId)) retire(serviceId)
    for (const { serviceId, sealed } of rows) settle(serviceId, sealed, connections.get(serviceId) ?? 1)
  }

  const upToDate = () => {
    if (performance.now() >= freshUntil) {
      freshUntil = performance.now() + rememberedMs
      // One after another, so that an older look never overwrites what a newer one found.
      lastLook = lastLook.catch(() => {}).then(look)
      lastLook.catch(() => {
        freshUntil = 0
      })
    }
    return lastLook
  }

  return {
    ...urls,
    of: async (serviceId, { anew } = { anew: false }) => {
      if (anew) freshUntil = 0
      await upToDate()
      return current(serviceId)
    },
    set: async (serviceId, url, seen) => {
      const changed = await urls.set(serviceId, url, seen)
      if (changed) freshUntil = 0
      return changed
    },
    close: () => {
      for (const { relay } of own.values()) relay.close()
    },
  }
}

const GONE: RelayAnswer = { kind: 'unreachable', reply: 'the service has no relay any more' }

function replaceable(relay: Relay, successor: () => Relay | undefined): Pick<InUse, 'relay' | 'retire'> {
  let retired = false
  return {
    relay: {
      ...relay,
      send: async (envelope, raw, consent) => {
        if (!retired) return relay.send(envelope, raw, consent)
        return successor()?.send(envelope, raw, consent) ?? GONE
      },
    },
    retire: () => {
      retired = true
      relay.close()
    },
  }
}

const UNREADABLE_REPLY = 'no secret key of this process opens the URL of the relay'

/** The URL cannot be opened: the service's mail waits rather than go by the installation's relay. */
const UNREADABLE: Omit<Relay, 'connections'> = {
  send: async () => ({ kind: 'unreachable', reply: UNREADABLE_REPLY }),
  verify: async () => {
    throw Object.assign(new Error(UNREADABLE_REPLY), { code: 'EUNREADABLE' })
  },
  close: () => {},
}
