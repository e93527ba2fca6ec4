import { DAY_MS } from '../kernel/clock.ts'
import { invalid } from '../kernel/domain-error.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { MOST_CHARACTERS, sealText, unsealText } from './sealed-text.ts'

/** A joining that somebody asked for on behalf of an address, and that only the address's reader can confirm. */
export interface Confirmation {
  serviceId: number
  /** As given, never its key. */
  recipient: string
  /** The sender's address under which the service asks. */
  from: string
  via: 'blank-mail' | 'form'
  /** UTC epoch milliseconds. */
  askedAt: number
  /** The form by which they asked. */
  formId?: string | undefined
  /** What they agreed to there, and from where. */
  agreed?: Agreed | undefined
  /** The data that the person entered about themselves. */
  data: { userIds?: string[] | undefined; attributes?: Record<string, string | number | boolean> | undefined }
}

/** What was agreed to, in few characters: the rest is found by the form and the hash. */
interface Agreed {
  language: 'ja' | 'en'
  /** Of the form. */
  revision: number
  textHash: string | null
  clientAddress: string
}

export type OpenedConfirmation =
  | ({ ok: true; keyId: string } & Confirmation)
  | { ok: false; why: 'expired' | 'broken' }

/** It cannot be a `class_id`, so a link of one kind never opens as the other. */
const PURPOSE = 'join'
const LIFETIME_MS = 7 * DAY_MS

/**
 * Throws DomainError `invalid-value` (`attributes`) for data that would make the link longer than mail clients support.
 */
export function mintConfirmation(keyring: Keyring, confirmation: Confirmation): string {
  const { serviceId, recipient, from, via, askedAt, data, formId, agreed } = confirmation
  const byForm = formId === undefined ? [] : [formId, ...(agreed ? [toTuple(agreed)] : [])]
  const said = [serviceId, recipient, from, via, askedAt, data, ...byForm]
  const payload = Buffer.from(JSON.stringify(said))
  const token = sealText(keyring, PURPOSE, payload)
  if (token.length > MOST_CHARACTERS) throw invalid('attributes', 'are too much for a link to carry')
  return token
}

/** Opens a confirmation made within the last seven days. Never throws. */
export function openConfirmation(keyring: Keyring, token: string, now: number): OpenedConfirmation {
  const unsealed = unsealText(keyring, PURPOSE, token)
  if (!unsealed.ok) return { ok: false, why: 'broken' }
  const said = JSON.parse(unsealed.payload.toString())
  const [serviceId, recipient, from, via, askedAt, data, formId, tuple] = said
  if (now >= askedAt + LIFETIME_MS) return { ok: false, why: 'expired' }
  return {
    ok: true,
    keyId: unsealed.keyId,
    serviceId,
    recipient,
    from,
    via,
    askedAt,
    data,
    formId,
    agreed: tuple && fromTuple(tuple),
  }
}

type Tuple = [Agreed['language'], number, string | null, string]

function toTuple({ language, revision, textHash, clientAddress }: Agreed): Tuple {
  return [language, revision, textHash, clientAddress]
}

function fromTuple([language, revision, textHash, clientAddress]: Tuple): Agreed {
  return { language, revision, textHash, clientAddress }
}
