import type { OriginalMail } from './reading/original-mail.ts'
import type { OwnLink } from './reading/own-links.ts'

export type HardReason = 'user-unknown' | 'host-unknown' | 'moved' | 'disabled' | 'refused'

export type SoftReason =
  | 'mailbox-full'
  | 'too-large'
  | 'temporary'
  | 'network'
  | 'greylisted'
  | 'rate-limited'
  | 'expired'
  | 'system'

export type OwnReason =
  | 'authentication'
  | 'reputation'
  | 'block-list'
  | 'reverse-dns'
  | 'relaying'
  | 'content'
  | 'virus'
  | 'policy'
  | 'syntax'
  | 'sender'
  | 'suppressed'

export type BounceReason = HardReason | SoftReason | OwnReason | 'unknown'

/**
 * Whom a failure speaks against, why, and what it is known by. `hard`: this mailbox or host takes no mail, for good.
 * `soft`: a passing state, or one that the recipient can end. `ours`: the sender, its reputation or the content, never
 * held against a recipient. `unknown`: it failed, and nothing says why. `rule` names the rule that fired, for
 * operators.
 */
export type Verdict =
  | { class: 'hard'; reason: HardReason; rule: string }
  | { class: 'soft'; reason: SoftReason; rule: string }
  | { class: 'ours'; reason: OwnReason; rule: string }
  | { class: 'unknown'; reason: 'unknown'; rule: string }

/** What the report says of the failure; null where it says nothing. */
export interface FailureFacts {
  /** RFC 3463, such as `5.1.1`: the most telling of those that are named. */
  status: string | null
  /** RFC 5321, such as 550. */
  replyCode: number | null
  /** What the other side said, in one line, at most 1,000 characters. */
  diagnostic: string | null
}

/**
 * One recipient whom a mail did not reach. `address` is null when the report hides it, and is kept as written when it
 * is not an address that we could mail.
 */
export type BouncedRecipient = { address: string | null } & FailureFacts & Verdict

/** What a mail that came in means. It does not say whom the mail was for: the addresses in it prove nothing. */
export type Understanding =
  /** `format` names the reader that understood it. */
  | { kind: 'bounce'; format: string; recipients: readonly BouncedRecipient[] }
  /** Not delivered yet; the other side goes on trying. */
  | { kind: 'delay'; recipients: readonly string[] }
  /**
   * A recipient complains (RFC 5965). `feedbackType` in lower case: abuse, fraud, other, opt-out… `isAgainstUs` is
   * false when it does not express a recipient's wish to get no more mail, as for auth-failure. `recipients` is empty
   * where they are hidden.
   */
  | { kind: 'complaint'; feedbackType: string; isAgainstUs: boolean; recipients: readonly string[] }
  /** A vacation notice or another automatic answer. */
  | { kind: 'auto-reply' }
  /** It was read, or it arrived (RFC 8098; RFC 3464 §2.3.3 `delivered`). */
  | { kind: 'receipt' }
  | { kind: 'not-understood'; why: 'not-a-report' | 'no-recipient' | 'empty' }

/** What a mail that came in means, and what it shows of the mail that it is about. */
export type Conclusion = Understanding & {
  /** The returned mail, or as much of it as was returned. */
  original: OriginalMail | null
  /** Our own links, wherever they stand in it. */
  links: readonly OwnLink[]
  /** Everything that looks like the sealed part of our Feedback-IDs, wherever it stands in it. */
  feedbackTokens: readonly string[]
}
