import type { FailureFacts, Verdict } from '../conclusion.ts'
import { type FailureCodes, readCodes } from './failure-codes.ts'
import { ENVELOPE_TEXTS } from './rules/envelope-texts.ts'
import { LATER_PASSING_TEXTS, PASSING_TEXTS } from './rules/passing-texts.ts'
import { RECIPIENT_TEXTS, RECIPIENT_WISHES } from './rules/recipient-texts.ts'
import { RECIPIENT_TEXTS_ABROAD } from './rules/recipient-texts-abroad.ts'
import type { Finding, TextRules } from './rules/rule.ts'
import { SENDER_TEXTS } from './rules/sender-texts.ts'
import { REPLY_CODES, STATUS_CODES } from './rules/status-codes.ts'
import { VAGUE_RECIPIENT_TEXTS, VAGUE_SENDER_TEXTS } from './rules/vague-texts.ts'

/** One failure as a report or a server describes it. */
export interface Failure {
  /** Everything that was said of this recipient, of any length. */
  said: string
  /** The status that a report gives in a field of its own, which its software may have made up. */
  status?: string | null
  /** What the words and codes of the reporting software mean; asked before all other rules. */
  rules?: readonly TextRules[] | undefined
}

/** Characters of what was said that are looked at, and kept. */
const MOST_READ = 6_000
const MOST_KEPT = 1_000
/**
 * The meaning of the words outweighs any code: codes are set by software that knows less than whoever wrote the words.
 */
const CERTAIN_TEXTS: readonly TextRules[] = [
  ...RECIPIENT_WISHES,
  ...SENDER_TEXTS,
  ...ENVELOPE_TEXTS,
  ...PASSING_TEXTS,
  ...RECIPIENT_TEXTS,
  ...RECIPIENT_TEXTS_ABROAD,
  ...LATER_PASSING_TEXTS,
]

/**
 * Why a mail was not delivered: the one judge of reports and of the replies of our own relay. Words come before codes, words
 * that blame the sender before those that excuse it, and codes that the other side said before those of the report. A failure
 * that is said to be temporary is never hard.
 */
export function classify({ said, status = null, rules = [] }: Failure): Verdict & FailureFacts {
  const diagnostic = said.slice(0, MOST_READ).replace(/\s+/g, ' ').trim()
  const codes = readCodes(diagnostic, status)
  const verdict = judge(wordsOf(diagnostic), codes, rules)
  return {
    ...(codes.isTemporary && verdict.class === 'hard' ? passing(verdict) : verdict),
    status: codes.status,
    replyCode: codes.replyCode,
    diagnostic: diagnostic.slice(0, MOST_KEPT).toWellFormed() || null,
  }
}

/** Whether any of these rules fires on a text. */
export function areSaid(rules: readonly TextRules[], said: string): boolean {
  return byText(wordsOf(said.slice(0, MOST_READ).replace(/\s+/g, ' ')), rules) !== undefined
}

/** What the rules for texts read. */
function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\u2018\u2019\u00b4`]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
}

function judge(words: string, codes: FailureCodes, rules: readonly TextRules[]): Verdict {
  const said = byText(words, rules) ?? byText(words, CERTAIN_TEXTS)
  const coded = byStatus(codes.status)
  if (said) return coded && (isMorePrecise(coded, said) || isAboutSender(coded, said)) ? coded : said
  return (
    coded ??
    byText(words, VAGUE_SENDER_TEXTS) ??
    (ABOUT_ADDRESS.test(codes.status ?? '') ? byText(words, VAGUE_RECIPIENT_TEXTS) : undefined) ??
    byReply(codes.replyCode) ??
    (codes.isTemporary ? { class: 'soft', reason: 'temporary', rule: 'a code of the class 4' } : UNKNOWN)
  )
}

/** No status, one without a meaning, or one about the address (RFC 3463 §3.1, §3.2). */
const ABOUT_ADDRESS = /^(?:[45]\.[01]\.\d+)?$/

/** Somebody who has moved or left is unknown there too, so such a code says more than words that only miss them. */
function isMorePrecise(coded: Verdict, said: Verdict): boolean {
  return said.reason === 'user-unknown' && (coded.reason === 'moved' || coded.reason === 'disabled')
}

/**
 * Whether words that say somebody was not found, under a code that blames the sender, mean the sender. The codes about
 * the sender's address or its authentication are never used otherwise; a host not found under any other such code is
 * the sender's too.
 */
function isAboutSender(coded: Verdict, said: Verdict): boolean {
  if (coded.class !== 'ours' || said.class !== 'hard') return false
  return said.reason === 'host-unknown' || ['sender', 'authentication', 'reverse-dns'].includes(coded.reason)
}

const UNKNOWN: Verdict = { class: 'unknown', reason: 'unknown', rule: 'none' }

function byText(words: string, groups: readonly TextRules[]): Verdict | undefined {
  for (const group of groups) {
    for (const [pattern, source] of group.says) {
      const found = pattern.exec(words)
      if (found) return fired(group, `${group.reason}: “${found[0].slice(0, 100)}” (${source})`)
    }
  }
  return undefined
}

function byStatus(status: string | null): Verdict | undefined {
  const rule = status && (STATUS_CODES[status] ?? STATUS_CODES[status.replace(/\d+$/, '*')])
  return rule ? fired(rule, `status ${status} (${rule.source})`) : undefined
}

function byReply(code: number | null): Verdict | undefined {
  const rule = code && REPLY_CODES[code]
  return rule ? fired(rule, `reply ${code} (${rule.source})`) : undefined
}

function fired(finding: Finding, rule: string): Verdict {
  const { class: class_, reason } = finding
  return { class: class_, reason, rule } as Verdict
}

function passing({ rule }: Verdict): Verdict {
  return { class: 'soft', reason: 'temporary', rule: `${rule}, for now` }
}
