import { createHash } from 'node:crypto'
import type { Client } from '../client/connection.ts'
import { type Exclusion, Failure, noAddresses } from '../client/failure.ts'
import { headerFields, valuesOf } from '../mail/header-block.ts'
import { buildMessage, fromOf } from './content.ts'
import { type CompiledMail, dataOf, type Envelope } from './mail.ts'
import { mailboxOf } from './mailbox.ts'

/** What `sendMail` answers. */
export type SentInfo = {
  envelope: Envelope
  messageId: string
  accepted: string[]
  /** Excluded, or no mail address. */
  rejected: string[]
  /** Accepted or excluded: Kaijo could not be asked which. */
  pending: string[]
  excluded: Exclusion[]
  deliveryId: number
  response: string
}

interface Delivery {
  id: number
  accepted: number
  excluded: Record<string, number>
  malformed: string[]
}

interface Page {
  items: { to: string; list: string; reason: string; since: string }[]
  next: string | null
}

/** Hands a mail to Kaijo, which decides, stamps, signs and sends it, to each recipient with a link of their own. */
export async function sendMail(client: Client, mail: CompiledMail): Promise<SentInfo> {
  const { message } = mail
  const { kaijo: { transactional = false, requestId } = {}, signal } = dataOf(mail)
  const envelope = message.getEnvelope()
  if (envelope.to.length === 0) throw new Failure('EKAIJOADDRESS', 'the mail goes to nobody')
  const raw = await buildMessage(message)
  const fields = headerFields(raw)
  const [messageId = message.messageId()] = valuesOf(fields, 'Message-ID')
  const delivery = await client.post<Delivery>(
    '/deliveries',
    {
      from: fromOf(fields),
      raw: raw.toString('base64'),
      recipients: envelope.to.map((to) => ({ to })),
      transactional,
      requestId: requestId ?? nameOf(messageId, envelope.to),
    },
    signal,
  )
  const { id, malformed } = delivery
  if (malformed.length === envelope.to.length) throw noAddresses(malformed)
  const excluded = await findExcluded(client, delivery, signal)
  // Kaijo names a mailbox once, however many spellings of it the envelope has.
  const left = new Set(excluded?.map(({ address }) => mailboxOf(address)))
  const isRejected = (address: string) => malformed.includes(address) || left.has(mailboxOf(address))
  const rejected = envelope.to.filter(isRejected)
  const rest = envelope.to.filter((address) => !isRejected(address))
  return {
    envelope,
    messageId,
    accepted: excluded ? rest : [],
    rejected,
    pending: excluded ? [] : rest,
    excluded: excluded ?? [],
    deliveryId: id,
    response: describe(delivery),
  }
}

/** The same for the same mail to the same recipients, so that it is accepted once. */
function nameOf(messageId: string, to: readonly string[]): string {
  return createHash('sha256')
    .update([messageId, ...to.toSorted()].join('\n'))
    .digest('base64url')
}

/** Undefined when that cannot be found out: the mail is accepted all the same, and must not be sent again. */
async function findExcluded(
  client: Client,
  { id, excluded }: Delivery,
  signal: AbortSignal | undefined,
): Promise<Exclusion[] | undefined> {
  if (Object.keys(excluded).length === 0) return []
  const found: Exclusion[] = []
  try {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const path = `/deliveries/${id}/messages?state=excluded&limit=1000${after}`
      const { items, next } = await client.get<Page>(path, signal)
      found.push(...items.map(({ to: address, list, reason, since }) => ({ address, list, reason, since })))
      cursor = next
    }
  } catch {
    return undefined
  }
  return found
}

function describe({ id, accepted, excluded, malformed }: Delivery): string {
  const parts = [
    `${accepted} accepted`,
    ...Object.entries(excluded).map(([list, count]) => `${count} excluded by ${list}`),
    ...(malformed.length > 0 ? [`${malformed.length} malformed`] : []),
  ]
  return `delivery ${id}: ${parts.join(', ')}`
}
