import { dayOf } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { parseSmtpReply } from '../../mail/smtp-reply.ts'
import type { AttemptResult } from '../../messages/sending/settle-attempts.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { type PrepareParts, prepare } from '../content/prepare.ts'
import type { Relay, RelayAnswer } from '../relay/relay.ts'
import type { ReturnPath } from '../relay/return-path.ts'
import type { Attempt } from './plan-attempts.ts'
import { refusalOf } from './refusal-of.ts'
import { nextAttempt } from './retry-schedule.ts'
import { GIVEN_UP } from './why-failed.ts'

export interface AttemptParts extends PrepareParts {
  returnPath: ReturnPath
  clock: Clock
}

/**
 * What became of an attempt; or why the relay could not be reached, which says nothing about the message; or the result
 * of an attempt that was not to be made any more when its turn came.
 */
export type Attempted = AttemptResult | { unreachable: string } | { withdrawn: AttemptResult }

/**
 * The message ready for the relay: rendered, stamped and signed; or the result when it cannot be, or must not be sent.
 * Rejects with what was wrong on our side.
 */
export async function prepareAttempt(parts: AttemptParts, attempt: Attempt): Promise<Buffer | AttemptResult> {
  const exclusion = excluded(parts, attempt)
  if (exclusion) return exclusion
  try {
    return await prepare(parts, attempt, parts.clock())
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    // RFC 3463 §3.7: 5.6.0, the content cannot be made into a mail.
    return resultOf(parts, attempt, 'failed', { reply: `550 5.6.0 ${error.field ?? ''} ${error.message}` })
  }
}

/** Asked when the message's turn has come. */
export interface Turn {
  /** Called before anything is said to the relay: the attempt as it stands then, or the result when it must not go. */
  renew(): Promise<Attempt | AttemptResult>
  /** Called before the content is sent: whether the lease that the message goes under is still in force. */
  isStillOurs(): boolean
}

/**
 * Hands a prepared message over, or keeps it where there is no relay. Rejects when `turn` could not tell whether it may
 * go: then the relay took nothing.
 */
export async function handOver(
  parts: AttemptParts,
  attempt: Attempt,
  raw: Buffer,
  relay: Relay | undefined,
  { renew, isStillOurs }: Turn,
): Promise<Attempted> {
  let renewed: Promise<Attempt | AttemptResult> | undefined
  const isWanted = () => {
    renewed = renew()
    return renewed.then(isAttempt, () => false)
  }
  const { message, mail } = attempt
  const envelope = { from: parts.returnPath(message, mail), to: message.address, utf8: mail.smtpUtf8 }
  const consent = { isWanted, isStillOurs }
  const answer = relay ? await relay.send(envelope, raw, consent) : await kept(isWanted)
  const latest = await renewed
  const made = latest && isAttempt(latest) ? latest : attempt
  if (answer.kind === 'withdrawn') {
    const result = latest && !isAttempt(latest) ? latest : putBackAttempt(parts, made, parts.clock())
    return { withdrawn: result }
  }
  return answer.kind === 'kept' ? resultOf(parts, made, 'kept', { raw }) : ofAnswer(parts, made, answer)
}

type Withdrawn = { kind: 'withdrawn' }

async function kept(isWanted: () => Promise<boolean>): Promise<{ kind: 'kept' } | Withdrawn> {
  return (await isWanted()) ? { kind: 'kept' } : { kind: 'withdrawn' }
}

function isAttempt(given: Attempt | AttemptResult): given is Attempt {
  return 'verdict' in given
}

/** The result for a recipient whom the lists exclude; undefined for one who may be mailed. */
export function excluded(parts: Pick<AttemptParts, 'clock'>, attempt: Attempt): AttemptResult | undefined {
  const { decision } = attempt.verdict
  if (decision.deliver) return undefined
  const { listId, reason, since } = decision
  const exclusion = { excluded_list_id: listId, excluded_reason: reason, excluded_since: since }
  return resultOf(parts, attempt, 'excluded', exclusion)
}

function ofAnswer(parts: AttemptParts, attempt: Attempt, answer: Exclude<RelayAnswer, Withdrawn>): Attempted {
  if (answer.kind === 'unreachable') return { unreachable: answer.reply }
  if (answer.kind === 'accepted') return resultOf(parts, attempt, 'sent', { reply: answer.reply })
  if (answer.kind === 'deferred') return deferred(parts, attempt, answer)
  const { code, enhanced, text } = answer.reply
  const { aboutRecipient } = answer
  const refusal = refusalOf(parts, attempt, answer.reply, aboutRecipient)
  return resultOf(parts, attempt, 'failed', {
    reply: [code, enhanced, text].filter(Boolean).join(' '),
    refusal,
  })
}

/** To be tried again later, or given up; the relay's last reply is kept. */
function deferred(
  parts: AttemptParts,
  attempt: Attempt,
  { reply, aboutRecipient = false }: Extract<RelayAnswer, { kind: 'deferred' }>,
): AttemptResult {
  const now = parts.clock()
  const due = nextAttempt(attempt.message.attempts, dueSince(attempt), now)
  if (due !== undefined) return resultOf(parts, attempt, 'queued', { due_at: due, reply })
  const refusal = refusalOf(parts, attempt, parseSmtpReply(reply), aboutRecipient)
  return resultOf(parts, attempt, 'failed', { reply: GIVEN_UP + reply, refusal })
}

/** When the first attempt was due, in epoch milliseconds. */
export function dueSince({ message, mail }: Attempt): number {
  return Math.max(mail.sendAt, message.accepted_at)
}

/** The result of an attempt that was not made: it does not count, and what was known of the message stays. */
export function putBackAttempt(
  parts: Pick<AttemptParts, 'clock'>,
  attempt: Attempt,
  dueAt: number,
): AttemptResult {
  return { ...putBack(attempt.message, dueAt), ...countedAt(parts, attempt) }
}

/** The same for a message of which nothing else has been loaded. */
export function putBack(message: MessageTable, dueAt: number): AttemptResult {
  const { attempts, reply, excluded_list_id, excluded_reason, excluded_since } = message
  return {
    ...placeOf(message),
    state: 'queued',
    attempts: attempts - 1,
    // Rates yield fractions of milliseconds.
    due_at: Math.ceil(dueAt),
    reply,
    excluded_list_id,
    excluded_reason,
    excluded_since,
    sender: null,
    day: null,
  }
}

/** The result for a message that was put back until its time was over. */
export function giveUp(parts: Pick<AttemptParts, 'clock'>, attempt: Attempt, reply: string): AttemptResult {
  return resultOf(parts, attempt, 'failed', { reply: GIVEN_UP + reply })
}

function resultOf(
  { clock }: Pick<AttemptParts, 'clock'>,
  attempt: Attempt,
  state: AttemptResult['state'],
  more: Partial<AttemptResult>,
): AttemptResult {
  const { message, verdict } = attempt
  return {
    ...placeOf(message),
    state,
    attempts: message.attempts,
    due_at: message.due_at,
    reply: null,
    excluded_list_id: verdict.overridden?.listId ?? null,
    excluded_reason: verdict.overridden?.reason ?? null,
    excluded_since: verdict.overridden?.since ?? null,
    ...countedAt({ clock }, attempt),
    ...more,
  }
}

/** The day and sender that a result is counted under. */
function countedAt({ clock }: Pick<AttemptParts, 'clock'>, { mail, service }: Attempt) {
  return { sender: mail.from.key, day: dayOf(clock(), service.service.timeZone) }
}

function placeOf({ bucket, id, epoch, lane, delivery_id: deliveryId }: MessageTable) {
  return { bucket, id, epoch, lane, deliveryId }
}
