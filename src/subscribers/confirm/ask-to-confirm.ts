import type { AcceptDelivery } from '../../delivery/accept/accept.ts'
import type { Address } from '../../kernel/address.ts'
import { type Clock, DAY_MS } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { keyedHash } from '../../kernel/sealing.ts'
import type { Language } from '../../kernel/texts.ts'
import type { Database } from '../../storage/database.ts'
import type { Service } from '../../tenants/service.ts'
import type { ServiceLists } from '../../tenants/service-lists.ts'
import { type Confirmation, mintConfirmation } from '../../tokens/confirmation.ts'
import type { SubscriberData } from '../subscriber.ts'
import { confirmationsOf, createConfirmationRoom } from './confirmation-room.ts'
import { MAIL_TEXTS } from './mail-texts.ts'
import { isOwnAddress } from './own-address.ts'

interface Asking {
  service: Service
  recipient: Address
  /** One of the service's addresses; unless given, the one in its settings, or else its first sender. */
  from?: string | undefined
  via: 'blank-mail' | 'form'
  /** The data that the person entered about themselves; the link carries it. */
  data?: SubscriberData | undefined
  /** The form by which they asked, with its own words for the mail; '' where it has none. */
  form?: { id: string; subject: string; text: string; agreed: Confirmation['agreed'] } | undefined
  language: Language
}

/**
 * `asked-before`: today (UTC); `excluded`: bounces, complaints or the blocklist hold every mail back; `own-address`:
 * one of the installation's or the service's own; `no-sender`: the service has no address to ask from; `unmailable`: an
 * internationalised address, which no composed mail can name.
 */
type AskedToConfirm = 'asked' | 'asked-before' | 'excluded' | 'own-address' | 'no-sender' | 'unmailable'

/**
 * Mails a link by which an address's reader confirms a joining that anybody may have asked for. Resolves once the mail
 * is durable. An address is asked once a day by a service at most, so that nobody can have others flooded. Throws
 * DomainError `invalid-value` for data that is too much for a link, `from-not-allowed` for a `from` that is given, or
 * `unavailable` when the service's bounds for such mails are reached.
 */
export type AskToConfirm = (asking: Asking) => Promise<AskedToConfirm>

interface AskToConfirmParts {
  database: Database
  acceptDelivery: AcceptDelivery
  readServiceLists(serviceId: number): Promise<ServiceLists>
  keyring: Keyring
  clock: Clock
  /** Without a slash at the end. */
  publicUrl: string
  inboundDomain: string | undefined
}

export function createAskToConfirm(parts: AskToConfirmParts): AskToConfirm {
  const { acceptDelivery, keyring, clock, publicUrl, database } = parts
  const inRoom = createConfirmationRoom(database, clock)
  return async ({ service, recipient, via, data = {}, form, language, ...given }) => {
    const senders = [...(await parts.readServiceLists(service.id)).senders.values()]
    const first = senders.toSorted((a, b) => a.listId - b.listId)[0]
    const { confirmationFrom, confirmationName } = service.settings
    const from = given.from ?? confirmationFrom ?? first?.address
    if (from === undefined) return 'no-sender'
    if (isOwnAddress(recipient, senders, parts.inboundDomain)) return 'own-address'
    // Within the service's own domains mail could be answered by mail in a loop; whoever fills in a form may well have
    // an address there.
    if (via === 'blank-mail' && service.allowedDomains.includes(recipient.domain)) return 'own-address'
    const askedAt = clock()
    const asked = {
      serviceId: service.id,
      recipient: recipient.address,
      from,
      via,
      askedAt,
      data,
      formId: form?.id,
      agreed: form?.agreed,
    }
    const link = `${publicUrl}${JOIN_PATH}${mintConfirmation(keyring, asked)}`
    const request = {
      service,
      createdBy: via,
      from: { address: from, name: (given.from === undefined && confirmationName) || undefined },
      ...mailOf(language, form),
      headers: { 'Auto-Submitted': 'auto-replied' },
      recipients: [
        {
          to: recipient.address,
          substitutions: {
            from,
            confirm_url: link,
            ...(form && { subject: form.subject, text: form.text }),
          },
        },
      ],
      requestId: requestIdOf(keyring, recipient, askedAt),
      transactional: true,
    }
    try {
      const { accepted, malformed, replayed } = await inRoom(service, () => acceptDelivery(request))
      if (replayed) return 'asked-before'
      if (malformed.length > 0) return 'unmailable'
      return accepted > 0 ? 'asked' : 'excluded'
    } catch (error) {
      if (error instanceof DomainError && error.code === 'request-id-reused') return 'asked-before'
      // For an operator to fix; whoever asked can do nothing about a setting.
      if (given.from === undefined && error instanceof DomainError && error.code === 'from-not-allowed')
        return 'no-sender'
      throw error
    }
  }
}

/** A form's own words go in as values: braces in them are plain text. */
function mailOf(language: Language, form: Asking['form']): { subject: string; text: string } {
  const { subject, text } = MAIL_TEXTS[language]
  return {
    subject: form?.subject ? '{{subject}}' : subject,
    text: form?.text ? `{{text}}\n\n${text}` : text,
  }
}

/** The path below the public URL at which these links begin; it cannot be mistaken for a `class_id`. */
export const JOIN_PATH = '/-/join/'

/** The same all day long, so that a second mail is a repeat. It does not reveal whose it is. */
function requestIdOf(keyring: Keyring, { key }: Address, now: number): string {
  return `${confirmationsOf(Math.floor(now / DAY_MS))}${keyedHash(keyring.newest, `confirm ${key}`)}`
}
