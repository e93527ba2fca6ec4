import { classifyReply } from '../bounces/classify-reply.ts'
import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { AttemptResult } from '../messages/outbox-store.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { MessageTable } from '../storage/tables.ts'
import type { LookUp } from '../suppression/look-up.ts'
import type { Recorder } from '../suppression/recorder.ts'
import { ownList } from '../tenants/service-lists.ts'
import { deliveryLoader } from './load-delivery.ts'
import { type Attempt, planAttempts, renewAttempt } from './plan-attempts.ts'
import { type PrepareParts, prepare } from './prepare.ts'
import { RELAY_CONNECTIONS, type Relay, type RelayAnswer } from './relay.ts'
import { nextAttempt } from './retry-schedule.ts'

export interface AttemptParts extends PrepareParts {
  database: Database
  lookUp: LookUp
  recorder: Recorder
  /** Undefined keeps the mail to be read back. */
  relay: Relay | undefined
  clock: Clock
  onError(error: unknown): void
}

const PUT_BACK_MS = 60_000
const OUTAGE_MS = 1_000

/**
 * Makes one attempt for each claimed message and hands every result to `settle` as soon as it is known. The lists
 * are asked again first: who opted out since the delivery was accepted is not mailed. Where that look-up cannot be
 * made, nothing is sent and the messages are put back. Never rejects.
 */
export function createAttempts(
  parts: AttemptParts,
): (messages: readonly MessageTable[], settle: (result: AttemptResult) => void) => Promise<void> {
  const load = deliveryLoader(parts.database)
  const inSlot = slots(RELAY_CONNECTIONS)
  return async (messages, settle) => {
    const services = Map.groupBy(messages, ({ service_id }) => service_id)
    const attempts: Attempt[] = []
    for (const [serviceId, own] of services) {
      try {
        attempts.push(...(await planAttempts(parts, load, serviceId, own)))
      } catch (error) {
        // One service's fault holds up nobody else's mail.
        for (const message of own) settle(putBackAfter(parts, error, message))
      }
    }
    await Promise.all(
      attempts.map((attempt) => inSlot(async () => settle(await makeOrPutBack(parts, attempt)))),
    )
  }
}

/** A fault on the way puts the message back. None can come between an accepted message and its result. */
async function makeOrPutBack(parts: AttemptParts, attempt: Attempt): Promise<AttemptResult> {
  try {
    const renewed = await renewAttempt(parts, attempt)
    return renewed ? await make(parts, renewed) : putBack(attempt.message, parts.clock())
  } catch (error) {
    return putBackAfter(parts, error, attempt.message)
  }
}

function putBackAfter(
  { clock, onError }: AttemptParts,
  error: unknown,
  message: MessageTable,
): AttemptResult {
  const away = error instanceof DatabaseUnavailable
  if (!away) onError(error)
  return putBack(message, clock() + (away ? OUTAGE_MS : PUT_BACK_MS))
}

/** The result of an attempt that was not made: it does not count. */
function putBack(message: MessageTable, dueAt: number): AttemptResult {
  const { bucket, id, epoch, attempts, reply, excluded_list_id, excluded_reason, excluded_since } = message
  return {
    bucket,
    id,
    epoch,
    state: 'queued',
    attempts: attempts - 1,
    due_at: dueAt,
    reply,
    excluded_list_id,
    excluded_reason,
    excluded_since,
  }
}

async function make(parts: AttemptParts, attempt: Attempt): Promise<AttemptResult> {
  const { message, delivery, verdict } = attempt
  const result = (state: AttemptResult['state'], more: Partial<AttemptResult> = {}): AttemptResult => ({
    bucket: message.bucket,
    id: message.id,
    epoch: message.epoch,
    state,
    attempts: message.attempts,
    due_at: message.due_at,
    reply: null,
    excluded_list_id: verdict.overridden?.listId ?? null,
    excluded_reason: verdict.overridden?.reason ?? null,
    excluded_since: verdict.overridden?.since ?? null,
    ...more,
  })

  if (!verdict.decision.deliver) {
    const { listId, reason, since } = verdict.decision
    return result('excluded', { excluded_list_id: listId, excluded_reason: reason, excluded_since: since })
  }
  let raw: Buffer
  try {
    raw = await prepare(parts, delivery, message, attempt.lists, parts.clock())
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    // RFC 3463 §3.7: 5.6.0, the content cannot be made into a mail.
    return result('failed', { reply: `550 5.6.0 ${error.field ?? ''} ${error.message}` })
  }
  if (!parts.relay) return result('kept', { raw })
  const answer = await parts.relay.send({ from: delivery.from.address, to: message.address }, raw)
  return ofAnswer(parts, attempt, answer, result)
}

async function ofAnswer(
  { recorder, clock }: AttemptParts,
  { message, delivery, service }: Attempt,
  answer: RelayAnswer,
  result: (state: AttemptResult['state'], more?: Partial<AttemptResult>) => AttemptResult,
): Promise<AttemptResult> {
  if (answer.kind === 'accepted') return result('sent', { reply: answer.reply })
  if (answer.kind === 'deferred') {
    const due = nextAttempt(message.attempts, delivery.sendAt, clock())
    if (due === undefined) return result('failed', { reply: `given up: ${answer.reply}` })
    return result('queued', { due_at: due, reply: answer.reply })
  }
  const { code, enhanced, text } = answer.reply
  const reason = answer.aboutRecipient ? classifyReply(answer.reply) : undefined
  if (reason) {
    await recorder.record({
      kind: 'stop',
      listId: ownList(service, 'hard-bounces').id,
      recipient: { address: message.address, key: message.address_key },
      requestedAt: clock(),
      source: 'smtp-reply',
      reason,
      messageId: message.message_id,
      mailedAt: delivery.createdAt,
      evidence: null,
    })
  }
  return result('failed', { reply: [code, enhanced, text].filter(Boolean).join(' ') })
}

/** Lets at most `count` pieces of work run at once, in the order in which they came. */
function slots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = count
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
