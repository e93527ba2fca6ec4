import { classifyReply } from '../bounces/classify-reply.ts'
import type { Clock } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { AttemptResult } from '../messages/outbox-store.ts'
import type { Database } from '../storage/database.ts'
import type { MessageTable } from '../storage/tables.ts'
import type { LookUp } from '../suppression/look-up.ts'
import type { Recorder } from '../suppression/recorder.ts'
import { ownList, readServiceLists, type ServiceLists } from '../tenants/service-lists.ts'
import { type ApplicableLists, listFinder } from './applicable-lists.ts'
import { decideRecipients, type Verdict } from './decide-recipients.ts'
import { deliveryLoader, type LoadedDelivery } from './load-delivery.ts'
import { type PrepareParts, prepare } from './prepare.ts'
import type { Relay, RelayAnswer } from './relay.ts'
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

interface Attempt {
  message: MessageTable
  delivery: LoadedDelivery
  service: ServiceLists
  lists: ApplicableLists
  verdict: Verdict
}

/**
 * Makes one attempt for each claimed message and hands every result to `settle` as soon as it is known. The lists
 * are asked again first: who opted out since the delivery was accepted is not mailed. Rejects when that look-up
 * cannot be made; then nothing was sent.
 */
export function createAttempts(
  parts: AttemptParts,
): (messages: readonly MessageTable[], settle: (result: AttemptResult) => void) => Promise<void> {
  const load = deliveryLoader(parts.database)
  return async (messages, settle) => {
    const services = Map.groupBy(messages, ({ service_id }) => service_id)
    const attempts: Attempt[] = []
    for (const [serviceId, own] of services) attempts.push(...(await plan(parts, load, serviceId, own)))
    await Promise.all(attempts.map(async (attempt) => settle(await makeOrPutBack(parts, attempt))))
  }
}

/** A fault on the way puts the message back. None can come between an accepted message and its result. */
async function makeOrPutBack(parts: AttemptParts, attempt: Attempt): Promise<AttemptResult> {
  try {
    return await make(parts, attempt)
  } catch (error) {
    parts.onError(error)
    return putBack(attempt.message, parts.clock() + PUT_BACK_MS)
  }
}

/** The result of an attempt that was not made. */
export function putBack(message: MessageTable, dueAt: number): AttemptResult {
  const { bucket, id, epoch, reply, excluded_list_id, excluded_reason, excluded_since } = message
  return {
    bucket,
    id,
    epoch,
    state: 'queued',
    due_at: dueAt,
    reply,
    excluded_list_id,
    excluded_reason,
    excluded_since,
  }
}

async function plan(
  { database, lookUp, clock }: AttemptParts,
  load: (id: number) => Promise<LoadedDelivery>,
  serviceId: number,
  messages: readonly MessageTable[],
): Promise<Attempt[]> {
  const service = await readServiceLists(database, serviceId)
  const attempts: Attempt[] = []
  for (const [deliveryId, own] of Map.groupBy(messages, ({ delivery_id }) => delivery_id)) {
    const delivery = await load(deliveryId)
    const find = listFinder(service, delivery.from.key, delivery.content)
    const lists = own.map(({ substitutions_json }) =>
      find(substitutions_json ? JSON.parse(substitutions_json) : {}),
    )
    const candidates = own.map(({ address_key }, index) => ({
      addressKey: address_key,
      listIds: (lists[index] as ApplicableLists).ids,
    }))
    const { transactional } = delivery
    const verdicts = await decideRecipients(lookUp, service, candidates, { transactional, now: clock() })
    own.forEach((message, index) => {
      const verdict = verdicts[index] as Verdict
      attempts.push({ message, delivery, service, lists: lists[index] as ApplicableLists, verdict })
    })
  }
  return attempts
}

async function make(parts: AttemptParts, attempt: Attempt): Promise<AttemptResult> {
  const { message, delivery, verdict } = attempt
  const result = (state: AttemptResult['state'], more: Partial<AttemptResult> = {}): AttemptResult => ({
    bucket: message.bucket,
    id: message.id,
    epoch: message.epoch,
    state,
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
