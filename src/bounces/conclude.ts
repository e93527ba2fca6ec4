import { decodeHeaderText } from '../mail/encoded-word.ts'
import { valuesOf } from '../mail/header-block.ts'
import { isMessage, type MimePart, readMimeTree, textOf, walkParts } from '../mail/mime-tree.ts'
import { isAutoReply } from './auto-reply.ts'
import { readComplaint } from './complaints.ts'
import type { Conclusion, Understanding } from './conclusion.ts'
import { readDeliveryReports } from './delivery-reports.ts'
import { findOriginal } from './original-mail.ts'
import { findOwnLinks } from './own-links.ts'
import { type ReportText, readReportText } from './report-text.ts'

const MOST_SUBJECT = 1_000
/** Characters of a mail that are searched for our links. */
const MOST_SEARCHED = 1_048_576

/**
 * What a mail that came in is: a report of deliveries that failed, a complaint, an answer of a program, or nothing that is
 * understood. Lines may end in CRLF, LF or CR. Pure; never throws; what it reads of a mail is bounded.
 */
export function conclude(raw: Uint8Array): Conclusion {
  const mail = readMimeTree(raw)
  const text = readReportText(mail)
  return {
    ...understand(mail, text),
    original: findOriginal(mail, text.returned),
    links: findOwnLinks(everythingIn(mail)),
  }
}

/** From what a machine wrote for machines to what it wrote for people. */
function understand(mail: MimePart, { said }: ReportText): Understanding {
  const complaint = readComplaint(mail)
  if (complaint) return { kind: 'complaint', ...complaint }
  if (isReceipt(mail)) return { kind: 'receipt' }
  const report = readDeliveryReports(mail, said)
  if (report && report.failed.length > 0)
    return { kind: 'bounce', format: 'RFC 3464', recipients: report.failed }
  if (report && report.delayed.length > 0) return { kind: 'delay', recipients: report.delayed }
  if (report && report.arrived > 0) return { kind: 'receipt' }
  if (isAutoReply(mail, subjectOf(mail))) return { kind: 'auto-reply' }
  return { kind: 'not-understood', why: said.trim() === '' ? 'empty' : 'not-a-report' }
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
