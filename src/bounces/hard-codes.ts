import type { Reason } from '../suppression/change.ts'

/**
 * Enhanced status codes (RFC 3463 §3.2, §3.3; RFC 7505 §4) that say for good that this mailbox or host takes no
 * mail. Nothing that blames the sender, the content, the size, a quota or a passing state belongs here.
 */
export const HARD_CODES: Readonly<Record<string, Reason>> = {
  /** Bad destination mailbox address. */
  '5.1.1': 'user-unknown',
  /** Bad destination system address. */
  '5.1.2': 'host-unknown',
  /** Bad destination mailbox address syntax. */
  '5.1.3': 'user-unknown',
  /** Destination mailbox has moved, no forwarding address. */
  '5.1.6': 'moved',
  /** Recipient address has null MX. */
  '5.1.10': 'host-unknown',
  /** Mailbox disabled, not accepting messages. */
  '5.2.1': 'disabled',
}
