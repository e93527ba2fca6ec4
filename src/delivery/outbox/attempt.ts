import { classifyReply } from '../../bounces/classify-reply.ts'
import { dayOf } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { AttemptResult } from '../../messages/settle-attempts.ts'
import type { MessageTable } from '../../storage/tables.ts'
import type { Decision } from '../../suppression/decide.ts'
import type { Recorder } from '../../suppression/recorder.ts'
import { ownList } from '../../tenants/service-lists.ts'
import { type PrepareParts, prepare } from '../content/prepare.ts'
import type { Relay, RelayAnswer } from '../relay/relay.ts'
import type { ReturnPath } from '../relay/return-path.ts'
import type { Attempt } from './plan-attempts.ts'
import { nextAttempt } from './retry-schedule.ts'

export interface AttemptParts extends PrepareParts {
  recorder: Recorder
  returnPath: ReturnPath
  clock: Clock
}

/** What became of an attempt; or why the relay could not be spoken to, which says nothing about the message. */
export type Attempted = AttemptResult | { unreachable: string }

/**
 * The message ready for the relay: rendered, stamped and signed; or the result when it cannot be, or must not be sent.
 * Rejects with what was wrong on our side.
 */
export async function prepareAttempt(parts: AttemptParts, attempt: Attempt): Promise<Buffer | AttemptResult> {
  const { message, mail, lists, verdict } = attempt
  if (!verdict.decision.deliver) return excluded(parts, attempt, verdict.decision)
  try {
    return await prepare(parts, mail, message, lists, parts.clock())
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    // RFC 3463 §3.7: 5.6.0, the content cannot be made into a mail.
    return resultOf(parts, attempt, 'failed', { reply: `550 5.6.0 ${error.field ?? ''} ${error.message}` })
  }
}

/**
 * Hands a prepared message over, or keeps it where there is no relay, unless the recipient is excluded by now. Never
 * rejects once anything was handed over.
 */
export async function handOver(
  parts: AttemptParts,
  attempt: Attempt,
  raw: Buffer,
  relay: Relay | undefined,
): Promise<Attempted> {
  const { message, mail, verdict } = attempt
  if (!verdict.decision.deliver) return excluded(parts, attempt, verdict.decision)
  if (!relay) return resultOf(parts, attempt, 'kept', { raw })
  const from = parts.returnPath(message, mail)
  return ofAnswer(parts, attempt, await relay.send({ from, to: message.address }, raw))
}

function excluded(
  parts: Pick<AttemptParts, 'clock'>,
  attempt: Attempt,
  { listId, reason, since }: Extract<Decision, { deliver: false }>,
): AttemptResult {
  const exclusion = { excluded_list_id: listId, excluded_reason: reason, excluded_since: since }
  return resultOf(parts, attempt, 'excluded', exclusion)
}

async function ofAnswer(parts: AttemptParts, attempt: Attempt, answer: RelayAnswer): Promise<Attempted> {
  if (answer.kind === 'unreachable') return { unreachable: answer.reply }
  if (answer.kind === 'accepted') return resultOf(parts, attempt, 'sent', { reply: answer.reply })
  if (answer.kind === 'deferred') return deferred(parts, attempt, answer.reply)
  const { code, enhanced, text } = answer.reply
  const reason = answer.aboutRecipient ? classifyReply(answer.reply) : undefined
  const { message, service } = attempt
  if (reason) {
    await parts.recorder.record({
      kind: 'stop',
      listId: ownList(service, 'hard-bounces').id,
      recipient: { address: message.address, key: message.address_key },
      requestedAt: parts.clock(),
      source: 'smtp-reply',
      reason,
      messageId: message.message_id,
      mailedAt: message.accepted_at,
      evidence: null,
    })
  }
  return resultOf(parts, attempt, 'failed', { reply: [code, enhanced, text].filter(Boolean).join(' ') })
}

/** Tried again later, or given up. */
function deferred(parts: AttemptParts, attempt: Attempt, reply: string): AttemptResult {
  const due = nextAttempt(attempt.message.attempts, dueSince(attempt), parts.clock())
  if (due === undefined) return resultOf(parts, attempt, 'failed', { reply: `given up: ${reply}` })
  return resultOf(parts, attempt, 'queued', { due_at: due, reply })
}

/** When the first attempt was due. */
export function dueSince({ message, mail }: Attempt): number {
  return Math.max(mail.sendAt, message.accepted_at)
}

/** The result of an attempt that was not made: it does not count, and what was known of the message stays. */
export function putBack(message: MessageTable, dueAt: number): AttemptResult {
  const { attempts, reply, excluded_list_id, excluded_reason, excluded_since } = message
  return {
    ...placeOf(message),
    state: 'queued',
    attempts: attempts - 1,
    due_at: dueAt,
    reply,
    excluded_list_id,
    excluded_reason,
    excluded_since,
    sender: null,
    day: null,
  }
}

/** A message that was put back so often that its time is over. */
export function giveUp(parts: Pick<AttemptParts, 'clock'>, attempt: Attempt, reply: string): AttemptResult {
  return resultOf(parts, attempt, 'failed', { reply: `given up: ${reply}` })
}

function resultOf(
  { clock }: Pick<AttemptParts, 'clock'>,
  { message, mail, service, verdict }: Attempt,
  state: AttemptResult['state'],
  more: Partial<AttemptResult>,
): AttemptResult {
  return {
    ...placeOf(message),
    state,
    attempts: message.attempts,
    due_at: message.due_at,
    reply: null,
    excluded_list_id: verdict.overridden?.listId ?? null,
    excluded_reason: verdict.overridden?.reason ?? null,
    excluded_since: verdict.overridden?.since ?? null,
    sender: mail.from.key,
    day: dayOf(clock(), service.service.timeZone),
    ...more,
  }
}

function placeOf({ bucket, id, epoch, lane }: MessageTable) {
  return { bucket, id, epoch, lane }
}
