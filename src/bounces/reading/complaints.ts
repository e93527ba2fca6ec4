import { parseAddress } from '../../kernel/address.ts'
import { readArfReport } from '../../mail/arf-report.ts'
import { valuesOf } from '../../mail/header-block.ts'
import { isMessage, type MimePart, textOf, walkParts } from '../../mail/mime-tree.ts'
import { addressesIn } from './original-mail.ts'

export interface Complaint {
  feedbackType: string
  isAgainstUs: boolean
  /** Without duplicates; empty where the report hides them. */
  recipients: readonly string[]
}

/** Reports about a domain or a filter, not from a recipient who wants no more mail (RFC 6591, RFC 5965 §7.3). */
const NOT_AGAINST_US = new Set(['auth-failure', 'dmarc', 'not-spam', 'miscategorized', 'virus'])

/** A report is about one mail, and names whom it went to. */
const MOST_RECIPIENTS = 1_000

/** Hotmail's JMRP returns the mail alone, and names the recipient in a field of it. */
const JMRP_SUBJECT = /^complaint about message from \d/i
const JMRP_RECIPIENT = 'X-HmXmrOriginalRecipient'

/**
 * Reads the feedback report (RFC 5965) in a mail, or what Hotmail sends in its place; undefined when there is none. A
 * report part that is not declared as such is recognised by its fields.
 */
export function readComplaint(mail: MimePart, subject: string): Complaint | undefined {
  const parts = [...walkParts(mail, (each) => each === mail || !isMessage(each))]
  const declared = parts.filter(({ contentType }) => contentType.type === 'message/feedback-report')
  const isFeedback = mail.contentType.parameters.get('report-type')?.toLowerCase() === 'feedback-report'
  const pasted = isFeedback ? parts.filter(({ parts: inner }) => inner.length === 0) : []
  for (const part of [...declared, ...pasted]) {
    const report = readArfReport(textOf(part))
    if (report) return complaint(report.feedbackType, report.originalRecipients)
  }
  const returned = [...walkParts(mail)].flatMap((part) => valuesOf(part.fields, JMRP_RECIPIENT))
  const isJmrp = JMRP_SUBJECT.test(subject) || returned.length > 0
  return isJmrp ? complaint('abuse', returned) : undefined
}

function complaint(feedbackType: string, recipients: readonly string[]): Complaint {
  const addresses = recipients.flatMap((text) => parseAddress(text)?.address ?? addressesIn(text))
  return {
    feedbackType,
    isAgainstUs: !NOT_AGAINST_US.has(feedbackType),
    recipients: [...new Set(addresses)].slice(0, MOST_RECIPIENTS),
  }
}
