import { parseAddress } from '../../kernel/address.ts'
import { type DsnRecipient, readDsnReport } from '../../mail/dsn-report.ts'
import { valuesOf } from '../../mail/header-block.ts'
import { isMessage, type MimePart, textOf, walkParts } from '../../mail/mime-tree.ts'
import type { BouncedRecipient } from '../conclusion.ts'
import { classify } from '../judging/classify.ts'
import type { TextRules } from '../judging/rules/rule.ts'
import { classifyPassage } from '../judging/text-verdict.ts'
import { addressesIn, type OriginalMail } from './original-mail.ts'

/** What the delivery status notifications (RFC 3464) in a mail say, by what became of their recipients. */
export interface DeliveryReport {
  failed: readonly BouncedRecipient[]
  delayed: readonly string[]
  /** Delivered, relayed or expanded. */
  arrived: number
}

const DELIVERY_STATUS = /^message\/(?:global-)?delivery-status$/
const ARRIVED = new Set(['delivered', 'relayed', 'expanded', 'deliverable'])

/**
 * Reads the reports in a mail, outside of what it returns; where no part of it is one, such fields in its `text`. What people
 * are told beside a report, `text`, counts where the report itself gives no reason. Undefined without a recipient.
 */
export function readDeliveryReports(
  mail: MimePart,
  text: string,
  original: OriginalMail | null,
  rules?: readonly TextRules[] | undefined,
): DeliveryReport | undefined {
  const parts = [...walkParts(mail, (part) => part === mail || !isMessage(part))]
  const declared = parts
    .filter(({ contentType }) => DELIVERY_STATUS.test(contentType.type))
    .flatMap((part) => readDsnReport(textOf(part)))
  const recipients = declared.length > 0 ? declared : readDsnReport(text)
  if (recipients.length === 0) return undefined
  const failed = recipients.filter(isFailed)
  const senders = sendersOf(mail, original)
  return {
    failed: failed.map((recipient) =>
      unlessAboutSender(toBounced(recipient, failed.length === 1 ? text : '', rules), senders),
    ),
    delayed: recipients.filter(({ action }) => action === 'delayed').flatMap((one) => addressOf(one) ?? []),
    arrived: recipients.filter(({ action }) => ARRIVED.has(action ?? '')).length,
  }
}

/** Whoever invents an action of its own, or leaves it out, means failed when the status is not one of success. */
function isFailed({ action, status }: DsnRecipient): boolean {
  return action !== 'delayed' && !ARRIVED.has(action ?? '') && !status?.startsWith('2.')
}

function toBounced(
  recipient: DsnRecipient,
  text: string,
  rules: readonly TextRules[] | undefined,
): BouncedRecipient {
  const { status, diagnostic } = recipient
  const address = addressOf(recipient)
  const verdict = classify({ said: diagnostic ?? '', status, rules })
  if (verdict.class !== 'unknown' && diagnostic !== null) return { address, ...verdict }
  const told = text === '' ? undefined : classifyPassage(text.split('\n'), rules)
  if (!told || told.class === 'unknown') return { address, ...verdict }
  return {
    address,
    ...told,
    status: verdict.status ?? told.status,
    diagnostic: verdict.diagnostic ?? told.diagnostic,
  }
}

/** Whoever is missed is the sender, where the other side names the sender's address and not the recipient's. */
function unlessAboutSender(bounced: BouncedRecipient, senders: readonly string[]): BouncedRecipient {
  const said = bounced.diagnostic?.toLowerCase() ?? ''
  if (bounced.class !== 'hard' || !senders.some((sender) => said.includes(sender))) return bounced
  if (bounced.address === null || said.includes(bounced.address.toLowerCase())) return bounced
  return { ...bounced, class: 'ours', reason: 'sender', rule: `${bounced.rule}, of the sender's address` }
}

function sendersOf({ fields }: MimePart, original: OriginalMail | null): string[] {
  const named = [
    ...valuesOf(fields, 'To').flatMap((value) => addressesIn(value.slice(0, 2_000))),
    ...[original?.from, original?.returnPath].flatMap((address) => address ?? []),
  ]
  return named.map((address) => address.toLowerCase())
}

/** The address that the sender wrote, where it is told: the final one may be of somewhere behind a forwarding. */
function addressOf({ originalRecipient, finalRecipient }: DsnRecipient): string | null {
  return readAddress(originalRecipient) ?? readAddress(finalRecipient)
}

function readAddress(value: string | null): string | null {
  return (value && (parseAddress(value)?.address ?? addressesIn(value)[0])) || null
}
