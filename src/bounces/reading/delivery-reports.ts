import { parseAddress } from '../../kernel/address.ts'
import { type DsnRecipient, readDsnReport } from '../../mail/dsn-report.ts'
import { isMessage, type MimePart, textOf, walkParts } from '../../mail/mime-tree.ts'
import type { BouncedRecipient } from '../conclusion.ts'
import { classify } from '../judging/classify.ts'
import type { TextRules } from '../judging/rules/rule.ts'
import { classifyPassage } from '../judging/text-verdict.ts'
import { comesFromReporter } from './failure-signs.ts'
import { addressesIn } from './original-mail.ts'

/** What the delivery status notifications (RFC 3464) in a mail say, by what became of their recipients. */
export interface DeliveryReport {
  failed: readonly BouncedRecipient[]
  delayed: readonly string[]
  /** Delivered, relayed or expanded. */
  arrived: number
}

const DELIVERY_STATUS = /^message\/(?:global-)?delivery-status$/
/** The limit over all reports in a mail: each recipient is judged and looked up among the mail that was sent. */
const MOST_RECIPIENTS = 1_000
const ARRIVED = new Set(['delivered', 'relayed', 'expanded', 'deliverable'])

/**
 * Reads the reports in a mail, leaving out the mail that it returns; where no part is a report, reads such fields from
 * its `text`. `text`, which is what the mail tells people, also counts where a report gives no reason. Undefined when
 * there is no recipient.
 */
export function readDeliveryReports(
  mail: MimePart,
  text: string,
  rules?: readonly TextRules[] | undefined,
): DeliveryReport | undefined {
  const declared = declaredIn(mail).flatMap((text) => readDsnReport(text))
  const pasted = () => readDsnReport(text).filter(isNamed)
  const recipients = (declared.length > 0 ? declared : pasted()).slice(0, MOST_RECIPIENTS)
  if (recipients.length === 0) return undefined
  const failed = recipients.filter(isFailed)
  return {
    failed: failed.map((recipient) => toBounced(recipient, failed.length === 1 ? text : '', rules)),
    delayed: recipients.filter(({ action }) => action === 'delayed').flatMap((one) => addressOf(one) ?? []),
    arrived: recipients.filter(({ action }) => ARRIVED.has(action ?? '')).length,
  }
}

/** Parts declared as reports; where there are none, attached files that look like one, if a reporter sent the mail. */
function declaredIn(mail: MimePart): string[] {
  const parts = [...walkParts(mail, (part) => part === mail || !isMessage(part))]
  const declared = parts.filter(({ contentType }) => DELIVERY_STATUS.test(contentType.type))
  if (declared.length > 0 || !(mail.contentType.type === 'multipart/report' || comesFromReporter(mail)))
    return declared.map(textOf)
  const files = parts.filter(({ contentType }) => contentType.type === 'application/octet-stream')
  return files.map(textOf).filter((text) => BEGINS_REPORT.test(text))
}

const BEGINS_REPORT =
  /^\s{0,20}(?:Reporting-MTA|Original-Envelope-Id|Final-Recipient|Original-Recipient)[ \t]{0,20}:/i

/** Prose may look like fields, so one of them has to say whom it is about. */
function isNamed({ finalRecipient, originalRecipient }: DsnRecipient): boolean {
  return finalRecipient !== null || originalRecipient !== null
}

/** Software that invents an action of its own, or leaves it out, means "failed" unless the status says success. */
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

/**
 * The address that the sender wrote, where it is given: the final one may lie behind a forwarding. One that we could
 * not mail is kept as written, since it names somebody; null for a name that is local to some system.
 */
function addressOf({ originalRecipient, finalRecipient }: DsnRecipient): string | null {
  const named = [originalRecipient, finalRecipient]
  return firstOf(named, readAddress) ?? firstOf(named, (value) => LIKE_ADDRESS.exec(value)?.[0] ?? null)
}

/** Something at some host. Exchange's internal names written like addresses (IMCEAEX) do not count. */
const LIKE_ADDRESS = /^(?!<?IMCEA)[^/=][^@]{0,300}@{1,2}[^@\s]{1,253}/i

function firstOf(values: readonly (string | null)[], read: (value: string) => string | null): string | null {
  for (const value of values) {
    const found = value ? read(value) : null
    if (found !== null) return found
  }
  return null
}

function readAddress(value: string): string | null {
  return parseAddress(value)?.address ?? addressesIn(value)[0] ?? null
}
