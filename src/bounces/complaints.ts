import { parseAddress } from '../kernel/address.ts'
import { readArfReport } from '../mail/arf-report.ts'
import { isMessage, type MimePart, textOf, walkParts } from '../mail/mime-tree.ts'
import { addressesIn } from './original-mail.ts'

export interface Complaint {
  feedbackType: string
  isAgainstUs: boolean
  /** Without doubles; empty where the report hides them. */
  recipients: readonly string[]
}

/** Reports about a domain or a filter, not about a recipient who wants to hear nothing more (RFC 6591, RFC 5965 §7.3). */
const NOT_AGAINST_US = new Set(['auth-failure', 'dmarc', 'not-spam', 'miscategorized', 'virus'])

/** Reads the feedback report (RFC 5965) in a mail; undefined when there is none. */
export function readComplaint(mail: MimePart): Complaint | undefined {
  for (const part of walkParts(mail, (each) => each === mail || !isMessage(each))) {
    if (part.contentType.type !== 'message/feedback-report') continue
    const report = readArfReport(textOf(part))
    if (report) return complaint(report.feedbackType, report.originalRecipients)
  }
  return undefined
}

function complaint(feedbackType: string, recipients: readonly string[]): Complaint {
  const addresses = recipients.flatMap((text) => parseAddress(text)?.address ?? addressesIn(text))
  return { feedbackType, isAgainstUs: !NOT_AGAINST_US.has(feedbackType), recipients: [...new Set(addresses)] }
}
