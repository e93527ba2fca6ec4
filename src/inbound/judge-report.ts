import { conclude } from '../bounces/conclude.ts'
import type { BouncedRecipient, Conclusion } from '../bounces/conclusion.ts'
import { softBounceStatements } from '../bounces/soft-bounce.ts'
import { addressKey } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { MailedMessage } from '../messages/find-mailed.ts'
import type { Database } from '../storage/database.ts'
import type { Stop } from '../suppression/change.ts'
import type { ErasedPeople } from '../suppression/erased.ts'
import type { RecordStatements } from '../suppression/record.ts'
import { resolveList } from '../tenants/list.ts'
import { findService } from '../tenants/service.ts'
import type { Links } from '../tokens/link.ts'
import type { Purpose } from './addresses.ts'
import { findNamed, findProven, type Lead } from './find-message.ts'
import { type InboundMail, type Judgement, notUnderstood } from './inbound-mail.ts'

export interface ReportParts {
  database: Database
  keyring: Keyring
  links: Pick<Links, 'open'>
  clock: Clock
  toStatements: RecordStatements
  erased: Pick<ErasedPeople, 'replace'>
}

type Kind = 'bounce' | 'complaint'

/**
 * What a report means, for each recipient that it is about: hard bounces and complaints put that recipient on a list, soft bounces
 * count, everything else changes nothing. Acted upon is only who was mailed, by the very message that the report is about.
 */
export async function judgeReport(
  parts: ReportParts,
  mail: InboundMail,
  purpose: Purpose | undefined,
): Promise<Judgement[]> {
  const conclusion = conclude(mail.raw)
  const { original, links } = conclusion
  const lead = { purpose, vouchedBy: mail.vouchedBy, original, links }
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

/** `delay`, `auto-reply`, `receipt`: mail that asks for nothing. */
function nothing(what: string, more: Known): Judgement {
  return { ...notUnderstood('other', what, more), outcome: 'nothing', detail: { what } }
}

type Known = Pick<Judgement, 'serviceId' | 'address' | 'message'>

/** Whose mail it is about, for those who look at it later. */
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
    const bounced = ofMessage(recipients, proven)
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

/** A message has one recipient: whoever else is named, as behind a forwarding, is not ours to judge. */
function ofMessage(
  recipients: readonly BouncedRecipient[],
  message: MailedMessage,
): BouncedRecipient | undefined {
  return (
    recipients.find(({ address }) => address !== null && addressKey(address) === message.address_key) ??
    recipients.find(({ address }) => address === null)
  )
}

async function ofBounce(
  parts: ReportParts,
  mail: InboundMail,
  message: MailedMessage,
  bounced: BouncedRecipient,
  format: string,
): Promise<Judgement> {
  const { status, replyCode, diagnostic, rule, reason } = bounced
  const detail = { class: bounced.class, reason, rule, status, replyCode, diagnostic, format }
  const plain = { ...knownOf(message), detail }
  if (bounced.class === 'unknown') return notUnderstood('bounce', 'no-reason', plain)
  const judged = {
    kind: 'bounce',
    ...plain,
    report: reportOf(message, bounced.class),
    statements: [],
  } as const
  if (bounced.class === 'ours') return { ...judged, outcome: 'sender' }
  const evidence = {
    ...(status || replyCode ? { code: status ?? String(replyCode) } : {}),
    ...(diagnostic ? { diagnostic } : {}),
    rule,
  }
  const stop = stopOf(message, mail, 'bounce', evidence)
  const hardBounces = await resolveList(parts.database, message.service_id, 'hard-bounces')
  if (bounced.class === 'soft') {
    const service = await findService(parts.database, message.service_id)
    const [erasedOrNot = stop] = await parts.erased.replace([{ ...stop, listId: hardBounces.id }])
    const counting = { service, hardBounces }
    const statements = softBounceStatements(parts.database, counting, erasedOrNot, parts.clock())
    return { ...judged, outcome: 'soft', statements }
  }
  const change = { ...stop, kind: 'stop', listId: hardBounces.id, reason: bounced.reason } as const
  return { ...judged, outcome: 'hard', statements: await recorded(parts, change) }
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
  const keys = recipients.map(addressKey).filter((key) => key !== undefined)
  if (keys.length > 0 && !keys.includes(message.address_key)) {
    return [notUnderstood('complaint', 'other-recipient', { ...knownOf(message), detail })]
  }
  const list = await resolveList(parts.database, message.service_id, 'complaints')
  const stop = stopOf(message, mail, 'complaint', { rule: feedbackType })
  const change = { ...stop, kind: 'stop', listId: list.id, reason: 'complaint' } as const
  return [
    {
      ...{ kind: 'complaint', outcome: 'complaint', ...knownOf(message), detail },
      report: reportOf(message, 'complaint'),
      statements: await recorded(parts, change),
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

async function recorded({ toStatements, clock, erased }: ReportParts, given: Stop) {
  const [change = given] = await erased.replace([given])
  return toStatements([{ change, renewedAt: change.requestedAt }], clock())
}
