import { parseAddress } from '../kernel/address.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { openLocalPart, sealLocalPart } from '../mail/sealed-local-part.ts'
import { type BouncedMessage, readVerp } from '../mail/verp.ts'
import type { Service } from '../tenants/service.ts'

/** What an address under the inbound domain is for. */
export type Purpose =
  /** The return path of one message. */
  | { kind: 'bounce'; message: BouncedMessage }
  /** Where a feedback loop of the service reports to. */
  | { kind: 'complaint'; serviceId: number }
  | { kind: 'unsubscribe' }
  /** 空メール. */
  | { kind: 'sign-up'; serviceId: number }

export interface InboundAddresses {
  /** Undefined for an address that we never handed out. Ignores letter case. */
  read(address: string): Purpose | undefined
  complaints(serviceId: number): string
  signUp(serviceId: number): string
  /** The mailto address that accompanies the links, one for all services: its mails carry the token. */
  unsubscribe: string
}

/** The addresses of one service; null where it takes no such mail. */
export interface ServiceAddresses {
  complaints: string | null
  signUp: string | null
  unsubscribe: string | null
}

/**
 * The addresses of this service. All null where the installation takes no mail; `signUp` is null unless the service
 * wants sign-ups.
 */
export function addressesOf(
  addresses: InboundAddresses | undefined,
  { id, settings }: Pick<Service, 'id' | 'settings'>,
): ServiceAddresses {
  return {
    complaints: addresses?.complaints(id) ?? null,
    signUp: settings.blankMail === 'off' ? null : (addresses?.signUp(id) ?? null),
    unsubscribe: addresses?.unsubscribe ?? null,
  }
}

const UNSUBSCRIBE = 'unsub'
const COMPLAINT = 'c'
const SERVICE_BYTES = 6
const SIGN_UP = /^join-([1-9]\d{0,14})$/

/**
 * The addresses that mail comes in for. A report is believed because of the address it came to, so bounce addresses
 * (verp.ts) and complaint addresses cannot be guessed: they are sealed with the newest key and opened with any.
 */
export function inboundAddresses(domain: string, keyring: Keyring): InboundAddresses {
  const keys = () => keyring.all().map(({ verp }) => verp)
  return {
    read: (address) => {
      const parsed = parseAddress(address)
      if (parsed?.domain !== domain) return undefined
      const localPart = parsed.key.slice(0, parsed.key.lastIndexOf('@'))
      if (localPart === UNSUBSCRIBE) return { kind: 'unsubscribe' }
      const [, service] = SIGN_UP.exec(localPart) ?? []
      if (service !== undefined) return { kind: 'sign-up', serviceId: Number(service) }
      const message = readVerp(parsed.key, keys())
      if (message) return { kind: 'bounce', message }
      const sealed = openLocalPart(COMPLAINT, SERVICE_BYTES, localPart, keys())
      return sealed && { kind: 'complaint', serviceId: sealed.readUIntBE(0, SERVICE_BYTES) }
    },
    complaints: (serviceId) => {
      const payload = Buffer.alloc(SERVICE_BYTES)
      payload.writeUIntBE(serviceId, 0, SERVICE_BYTES)
      return `${sealLocalPart(COMPLAINT, payload, keyring.newest.verp)}@${domain}`
    },
    signUp: (serviceId) => `join-${serviceId}@${domain}`,
    unsubscribe: `${UNSUBSCRIBE}@${domain}`,
  }
}
