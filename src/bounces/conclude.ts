import { findFeedbackTokens } from '../mail/feedback-id.ts'
import { valuesOf } from '../mail/header-block.ts'
import { decodeHeaderText } from '../mail/header-text.ts'
import { isMessage, type MimePart, readMimeTree, textOf, walkParts } from '../mail/mime-tree.ts'
import type { BouncedRecipient, Conclusion, Understanding } from './conclusion.ts'
import { unlessAboutSender } from './judging/blames-sender.ts'
import { isAnswerOfPerson, isAutoReply } from './reading/auto-reply.ts'
import { readComplaint } from './reading/complaints.ts'
import { type DeliveryReport, readDeliveryReports } from './reading/delivery-reports.ts'
import { comesFromReporter, looksDelayed, looksLikeFailure } from './reading/failure-signs.ts'
import type { BounceFormat } from './reading/formats/format.ts'
import { findOriginal, type OriginalMail } from './reading/original-mail.ts'
import { findOwnLinks } from './reading/own-links.ts'
import { recogniseFormat } from './reading/recognise-format.ts'
import { readReportText } from './reading/report-text.ts'
import { sendersOf } from './reading/senders.ts'
import { readSesNotification } from './reading/ses-notification.ts'
import { declaredRecipients, readTextReport } from './reading/text-reports.ts'

const MOST_SUBJECT = 1_000
/** Characters of a mail that are searched for our links. */
const MOST_SEARCHED = 1_048_576

/**
 * What a mail that came in is: a report of failed deliveries, a complaint, an automatic answer, or something that is
 * not understood. Lines may end in CRLF, LF or CR. Pure; never throws; what it reads of a mail is bounded.
 */
export function conclude(raw: Uint8Array): Conclusion {
  const mail = readMimeTree(raw)
  const outer = concludeOf(mail)
  const inner = isClearBounce(outer) ? undefined : forwardedReport(mail)
  const conclusion = inner ? concludeOf(inner) : outer
  const isTelling = conclusion.kind !== 'not-understood' && conclusion.kind !== 'auto-reply'
  const everything = everythingIn(mail)
  return {
    ...(isTelling ? conclusion : outer),
    links: findOwnLinks(everything),
    feedbackTokens: findFeedbackTokens(everything),
  }
}

function concludeOf(mail: MimePart): Understanding & Pick<Conclusion, 'original'> {
  const text = readReportText(mail)
  const original = findOriginal(mail, text.returned)
  const understood = understand(mail, text.said, original)
  if (understood.kind !== 'bounce') return { ...understood, original }
  const senders = sendersOf(mail, original)
  const recipients = understood.recipients.map(({ address, ...verdict }) => ({
    address,
    ...unlessAboutSender(verdict, { recipient: address, senders }),
  }))
  return { ...understood, recipients, original }
}

function isClearBounce(outer: Understanding): boolean {
  switch (outer.kind) {
    case 'bounce':
      return outer.recipients.some(isClear)
    case 'auto-reply':
    case 'not-understood':
      return false
    default:
      return true
  }
}

/** A report inside another mail: a filter wrapped it, or somebody passed it on. */
function forwardedReport(mail: MimePart): MimePart | undefined {
  const inner = [...walkParts(mail, (part) => part === mail || !isMessage(part))]
    .filter((part) => part !== mail && isMessage(part))
    .flatMap(({ parts }) => parts[0] ?? [])
  return inner.find(({ contentType }) => contentType.type === 'multipart/report')
}

/** From what machines wrote for machines to what they wrote for people. */
function understand(mail: MimePart, said: string, original: OriginalMail | null): Understanding {
  const subject = subjectOf(mail)
  const notification = readSesNotification(said)
  if (notification) return notification
  const complaint = readComplaint(mail, subject)
  if (complaint) return { kind: 'complaint', ...complaint }
  if (isReceipt(mail)) return { kind: 'receipt' }
  const format = recogniseFormat(mail, subject, said)
  const report = readDeliveryReports(mail, said, format?.rules)
  if (report) return ofReport(report, mail, original)
  return ofWords(mail, subject, said, original, format)
}

function ofReport(report: DeliveryReport, mail: MimePart, original: OriginalMail | null): Understanding {
  const { failed, delayed, arrived } = report
  const [declared] = declaredRecipients(mail, original)
  const [only] = failed.length === 1 ? failed : []
  if (only && only.address === null && declared) {
    return { kind: 'bounce', format: 'RFC 3464', recipients: [{ ...only, address: declared }] }
  }
  if (failed.length > 0) return { kind: 'bounce', format: 'RFC 3464', recipients: failed }
  return delayed.length > 0 || arrived === 0 ? { kind: 'delay', recipients: delayed } : { kind: 'receipt' }
}

function ofWords(
  mail: MimePart,
  subject: string,
  said: string,
  original: OriginalMail | null,
  format: BounceFormat | undefined,
): Understanding {
  const isAnswer = isAutoReply(mail, subject)
  if (!format && (!looksLikeFailure(mail, subject) || isAnswerOfPerson(mail, subject))) {
    return isAnswer
      ? { kind: 'auto-reply' }
      : { kind: 'not-understood', why: said.trim() === '' ? 'empty' : 'not-a-report' }
  }
  const recipients = readTextReport(mail, said, original, format)
  if (looksDelayed(subject, said))
    return { kind: 'delay', recipients: recipients.flatMap(({ address }) => address ?? []) }
  const isNamed = recipients.some(({ address }) => address !== null)
  const isReport = format !== undefined || comesFromReporter(mail)
  // Whose address is missing may be known by the address that the report came to, as long as it tells what happened.
  if (isNamed ? isReport || recipients.some(isClear) : isReport && recipients.some(isClear)) {
    return { kind: 'bounce', format: format?.name ?? 'in words', recipients }
  }
  return isAnswer ? { kind: 'auto-reply' } : { kind: 'not-understood', why: 'no-recipient' }
}

function isClear({ class: class_ }: BouncedRecipient): boolean {
  return class_ !== 'unknown'
}

/** A message disposition notification (RFC 8098). */
function isReceipt(mail: MimePart): boolean {
  return [...walkParts(mail, (part) => part === mail || !isMessage(part))].some(({ contentType }) =>
    /^message\/(?:global-)?disposition-notification$/.test(contentType.type),
  )
}

function subjectOf({ fields }: MimePart): string {
  return decodeHeaderText((valuesOf(fields, 'Subject')[0] ?? '').slice(0, MOST_SUBJECT))
}

function everythingIn(mail: MimePart): string {
  const texts = [...walkParts(mail)].flatMap((part) =>
    part.parts.length > 0
      ? part.fields.map(({ value }) => value)
      : [...part.fields.map(({ value }) => value), textOf(part)],
  )
  return texts.join('\n').slice(0, MOST_SEARCHED)
}
