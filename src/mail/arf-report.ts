import { readReportBlocks } from './report-fields.ts'

/** What a feedback report (RFC 5965 §3) says; lists are empty where the field is missing. */
export interface ArfReport {
  /** In lower case: abuse, fraud, virus, other, not-spam, auth-failure (RFC 6591), opt-out, opt-out-list. */
  feedbackType: string
  originalRecipients: readonly string[]
}

/** Reads the body of a message/feedback-report; undefined when it has no type. */
export function readArfReport(text: string): ArfReport | undefined {
  // The fields are one block (§3), but some software puts empty lines between them.
  const blocks = readReportBlocks(text, 'feedback-type')
  const values = (name: string) => blocks.flatMap((block) => block.get(name) ?? [])
  const feedbackType = values('feedback-type')[0]?.toLowerCase()
  if (!feedbackType) return undefined
  return {
    feedbackType,
    originalRecipients: [...values('original-rcpt-to'), ...values('removal-recipient')],
  }
}
