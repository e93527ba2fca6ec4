import { type RawBuilder, sql } from 'kysely'
import { softBounceStatements } from '../bounces/acting/soft-bounce.ts'
import { conclude } from '../bounces/conclude.ts'
import type { BouncedRecipient, Conclusion } from '../bounces/conclusion.ts'
import { unlessAboutSender } from '../bounces/judging/blames-sender.ts'
import { addressKey } from '../kernel/address.ts'
import { dayOf } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { countAbout, type Fact } from '../messages/day-counts.ts'
import type { MailedMessage } from '../messages/reading/find-mailed.ts'
import { lockMessages } from '../messages/sending/lock-messages.ts'
import type { Database } from '../storage/database.ts'
import type { Stop } from '../suppression/changing/change.ts'
import type { ChangeStatements } from '../suppression/changing/change-statements.ts'
import type { ErasedPeople } from '../suppression/erased/erased.ts'
import { resolveList } from '../tenants/list.ts'
import { findService } from '../tenants/service.ts'
import type { Links } from '../tokens/link.ts'
import type { Purpose } from './addresses.ts'
import { findNamed, findProven, type Lead } from './find-message.ts'
import { type InboundMail, type Judgement, notUnderstood } from './inbound-mail.ts'
import { readOnce } from './read-once.ts'
import { recipientTest } from './recipient-test.ts'

export interface ReportParts {
  database: Database
  keyring: Keyring
  links: Pick<Links, 'open'>
  clock: Clock
  statementsOf: ChangeStatements
  erased: Pick<ErasedPeople, 'find' | 'replace'>
}

type Kind = 'bounce' | 'complaint'

const concludeOnce = readOnce(conclude)

/**
 * What a report means for each recipient that it is about: hard bounces and complaints put the recipient on a list,
 * soft bounces count, everything else changes nothing. Only the recipient of the very message that the report is about
 * is acted upon.
 */
export async function judgeReport(
  parts: ReportParts,
  mail: InboundMail,
  purpose: Purpose | undefined,
): Promise<Judgement[]> {
  const conclusion = concludeOnce(mail.raw)
  const { original, links, feedbackTokens } = conclusion
  const lead = { purpose, vouchedBy: mail.vouchedBy, original, links, feedbackTokens }
  switch (conclusion.kind) {
    case 'bounce':
      return judgeBounce(parts, mail, lead, conclusion)
    case 'complaint':
      return judgeComplaint(parts, mail, lead, conclusion)
    case 'not-understood':
      return [notUnderstood('other', conclusion.why, await known(parts, lead))]
    default:
      return [nothing(conclusion.kind, await known(parts, lead))]
  }
}

/** The judgement on mail that asks for nothing: `delay`, `auto-reply`, `receipt`. */
function nothing(what: string, more: Known): Judgement {
  return { ...notUnderstood('other', what, more), outcome: 'nothing', detail: { what } }
}

type Known = Pick<Judgement, 'serviceId' | 'address' | 'message'>

/** What is known of the mail that a report is about, for operators to look at later. */
async function known(parts: ReportParts, lead: Lead): Promise<Known> {
  const message = await findProven(parts, lead)
  if (message) return knownOf(message)
  const { purpose, vouchedBy } = lead
  const serviceId =
    purpose?.kind === 'complaint'
      ? purpose.serviceId
      : typeof vouchedBy === 'object'
        ? vouchedBy.serviceId
        : null
  return { serviceId, address: null, message: null }
}

function knownOf({ service_id, address, bucket, id }: MailedMessage): Known {
  return { serviceId: service_id, address, message: { bucket, id } }
}

async function judgeBounce(
  parts: ReportParts,
  mail: InboundMail,
  lead: Lead,
  { recipients, format }: Extract<Conclusion, { kind: 'bounce' }>,
): Promise<Judgement[]> {
  const proven = await findProven(parts, lead)
  if (proven) {
    const bounced = await ofMessage(parts, recipients, proven)
    if (!bounced)
      return [notUnderstood('bounce', 'other-recipient', { ...knownOf(proven), detail: { format } })]
    return [await ofBounce(parts, mail, proven, bounced, format)]
  }
  const judgements: Judgement[] = []
  for (const bounced of recipients) {
    const message = await findNamed(parts, lead, bounced.address)
    if (message) judgements.push(await ofBounce(parts, mail, message, bounced, format))
  }
  if (judgements.length > 0) return judgements
  return [notUnderstood('bounce', 'unknown-message', { ...(await known(parts, lead)), detail: { format } })]
}

/** A message has one recipient: anybody else that a report names, as after a forwarding, is not ours to judge. */
async function ofMessage(
  { erased }: ReportParts,
  recipients: readonly BouncedRecipient[],
  message: MailedMessage,
): Promise<BouncedRecipient | undefined> {
  const isMeant = await recipientTest(erased, message, recipients)
  return (
    recipients.find(({ address }) => address !== null && isMeant(address)) ??
    recipients.find(({ address }) => address === null)
  )
}

async function ofBounce(
  parts: ReportParts,
  mail: InboundMail,
  message: MailedMessage,
  reported: BouncedRecipient,
  format: string,
): Promise<Judgement> {
  // A report that returns nothing and names no sender still came to a sender's address.
  const bounced = unlessAboutSender(reported, {
    recipient: reported.address ?? message.address,
    senders: [mail.recipient ?? ''],
  })
  const { status, replyCode, diagnostic, rule, reason } = bounced
  const detail = { class: bounced.class, reason, rule, status, replyCode, diagnostic, format }
  const plain = { ...knownOf(message), detail }
  if (bounced.class === 'unknown') return notUnderstood('bounce', 'no-reason', plain)
  const service = await findService(parts.database, message.service_id)
  const counted = countOf(parts, mail, message, service.timeZone)
  const judged = { kind: 'bounce', ...plain, report: reportOf(message, bounced.class) } as const
  const lock = lockMessages(parts.database, [message])
  if (bounced.class === 'ours') {
    const statements = [...lock, counted('blamed', notRefused(message))]
    return { ...judged, outcome: 'sender', statements }
  }
  const evidence = {
    ...(status || replyCode ? { code: status ?? String(replyCode) } : {}),
    ...(diagnostic ? { diagnostic } : {}),
    rule,
  }
  const stop = stopOf(message, mail, 'bounce', evidence)
  const hardBounces = await resolveList(parts.database, message.service_id, 'hard-bounces')
  if (bounced.class === 'soft') {
    const counting = { service, hardBounces }
    const statements = await softBounceStatements(parts, counting, stop, parts.clock(), notRefused(message))
    return { ...judged, outcome: 'soft', statements: [...lock, ...statements, counted('returned')] }
  }
  const change = { ...stop, kind: 'stop', listId: hardBounces.id, reason: bounced.reason } as const
  const statements = [...(await parts.statementsOf(change)), counted('bounced')]
  return { ...judged, outcome: 'hard', statements }
}

/** Counts it under the day on which it came in, in the service's calendar. */
function countOf({ database }: ReportParts, mail: InboundMail, message: MailedMessage, timeZone: string) {
  const day = dayOf(mail.receivedAt, timeZone)
  return (outcome: Fact['outcome'], when?: RawBuilder<boolean>) =>
    countAbout(database, message, { day, outcome }, when)
}

/** A refusal by our relay was counted at that time, so a report of the same failure tells nothing new. */
function notRefused({ bucket, id }: MailedMessage): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 from message as f where f.bucket = ${bucket} and f.id = ${id}
    and f.state = 'failed')`
}

async function judgeComplaint(
  parts: ReportParts,
  mail: InboundMail,
  lead: Lead,
  { feedbackType, isAgainstUs, recipients }: Extract<Conclusion, { kind: 'complaint' }>,
): Promise<Judgement[]> {
  const detail = { feedbackType }
  if (!isAgainstUs) {
    return [{ ...nothing(feedbackType, await known(parts, lead)), kind: 'complaint', detail }]
  }
  const message = (await findProven(parts, lead)) ?? (await findNamed(parts, lead, recipients[0] ?? null))
  if (!message)
    return [notUnderstood('complaint', 'unknown-message', { ...(await known(parts, lead)), detail })]
  const named = recipients.filter((address) => addressKey(address) !== undefined)
  const isMeant = await recipientTest(
    parts.erased,
    message,
    named.map((address) => ({ address })),
  )
  if (named.length > 0 && !named.some(isMeant)) {
    return [notUnderstood('complaint', 'other-recipient', { ...knownOf(message), detail })]
  }
  const list = await resolveList(parts.database, message.service_id, 'complaints')
  const stop = stopOf(message, mail, 'complaint', { rule: feedbackType })
  const change = { ...stop, kind: 'stop', listId: list.id, reason: 'complaint' } as const
  const { timeZone } = await findService(parts.database, message.service_id)
  const counted = countOf(parts, mail, message, timeZone)
  return [
    {
      ...{ kind: 'complaint', outcome: 'complaint', ...knownOf(message), detail },
      report: reportOf(message, 'complaint'),
      statements: [...(await parts.statementsOf(change)), counted('complained')],
    },
  ]
}

/** A message bounces for good once, and is complained about once. */
function reportOf({ bucket, id }: MailedMessage, what: string): string {
  return `${what} ${bucket}.${id}`
}

function stopOf(
  message: MailedMessage,
  mail: InboundMail,
  method: Kind,
  evidence: { code?: string; diagnostic?: string; rule: string },
): Omit<Stop, 'kind' | 'listId' | 'reason'> {
  return {
    recipient: { address: message.address, key: message.address_key },
    requestedAt: mail.receivedAt,
    source: 'inbound',
    messageId: message.message_id,
    mailedAt: message.accepted_at,
    evidence: { method, clientAddress: mail.clientAddress ?? '', userAgent: null, keyId: null, ...evidence },
  }
}
