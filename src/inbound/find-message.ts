import type { Conclusion } from '../bounces/conclusion.ts'
import { addressKey } from '../kernel/address.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { readFeedbackToken } from '../mail/feedback-id.ts'
import { readVerp } from '../mail/verp.ts'
import { findMailed, findMailedBy, type MailedMessage } from '../messages/reading/find-mailed.ts'
import type { Database } from '../storage/database.ts'
import type { ErasedPeople } from '../suppression/erased/erased.ts'
import type { Links } from '../tokens/link.ts'
import type { Purpose } from './addresses.ts'
import type { InboundMail } from './inbound-mail.ts'

interface FindParts {
  database: Database
  keyring: Keyring
  links: Pick<Links, 'open'>
  erased: Pick<ErasedPeople, 'find'>
}

/** What a report holds that can lead to its message. */
export interface Lead extends Pick<Conclusion, 'original' | 'links' | 'feedbackTokens'> {
  purpose: Purpose | undefined
  vouchedBy: InboundMail['vouchedBy']
}

/**
 * The message that a report proves to be about: it came to the message's own address, or the returned mail has that
 * address, a link of the message, or the sealed part of its Feedback-ID, which nobody else has. Undefined without such
 * a proof.
 */
export async function findProven(
  { database, keyring, links, erased }: FindParts,
  { purpose, original, links: own, feedbackTokens }: Lead,
): Promise<MailedMessage | undefined> {
  const keys = keyring.all().map(({ verp }) => verp)
  const returned = original?.returnPath
  const sealed = purpose?.kind === 'bounce' ? purpose.message : returned && readVerp(returned, keys)
  if (sealed) return findMailed(database, { bucket: sealed.bucket, id: sealed.messageId })
  for (const { classId, token } of own) {
    const opened = links.open(classId, token)
    if (!opened.ok || !opened.message) continue
    const { message, recipient } = opened
    const found =
      message.kind === 'ours'
        ? await findMailed(database, message)
        : await findForeign({ database, erased }, message.messageId, recipient)
    if (found) return found
  }
  for (const token of feedbackTokens) {
    const opened = readFeedbackToken(token, keys)
    const found = opened && (await findMailed(database, { bucket: opened.bucket, id: opened.messageId }))
    if (found) return found
  }
  return undefined
}

/**
 * The message that a report names by its Message-ID, which proves nothing: only one of the service that vouches for the
 * report, or whose complaint address it came to.
 */
export async function findNamed(
  { database, erased }: FindParts,
  { purpose, vouchedBy, original }: Lead,
  recipient: string | null,
): Promise<MailedMessage | undefined> {
  const messageId = original?.messageId
  const key = recipient === null ? undefined : addressKey(recipient)
  if (!messageId || (recipient !== null && key === undefined)) return undefined
  const serviceId = purpose?.kind === 'complaint' ? purpose.serviceId : vouching(vouchedBy)
  return serviceId === 'none' ? undefined : findTo({ database, erased }, { messageId, serviceId }, key)
}

/** A recipient who was erased since has the hash in place of the address. */
async function findTo(
  { database, erased }: Pick<FindParts, 'database' | 'erased'>,
  search: { messageId: string; serviceId: number | 'any' },
  key: string | undefined,
): Promise<MailedMessage | undefined> {
  const hash = key === undefined ? undefined : (await erased.find([key])).get(key)
  for (const recipientKey of hash === undefined ? [key] : [key, hash]) {
    const found = await findMailedBy(database, { ...search, recipientKey })
    if (found) return found
  }
  return undefined
}

/** Whose message it may be: that of one service (by id), of any or of none. */
function vouching(vouchedBy: InboundMail['vouchedBy']): number | 'any' | 'none' {
  if (vouchedBy === 'nobody') return 'none'
  return vouchedBy === 'operator' ? 'any' : vouchedBy.serviceId
}

/**
 * Mail of several services may have the same client-made Message-ID: the token's recipient tells which message it is.
 */
async function findForeign(
  parts: Pick<FindParts, 'database' | 'erased'>,
  messageId: string,
  recipient: string,
): Promise<MailedMessage | undefined> {
  const key = addressKey(recipient)
  return key === undefined ? undefined : findTo(parts, { messageId, serviceId: 'any' }, key)
}
