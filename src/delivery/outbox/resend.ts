import { parseAddress } from '../../kernel/address.ts'
import { dayOf } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { findExcluded } from '../../messages/reading/find-excluded.ts'
import { laneOf } from '../../messages/sending/lane.ts'
import { type AskedAgain, requeueExcluded } from '../../messages/sending/requeue-excluded.ts'
import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { LookUp } from '../../suppression/deciding/look-up.ts'
import { listName } from '../../tenants/list.ts'
import type { Service } from '../../tenants/service.ts'
import { readServiceLists, type ServiceLists } from '../../tenants/service-lists.ts'
import { type LoadedMail, mailLoader } from '../content/load-mail.ts'
import { listFinder } from '../decide/applicable-lists.ts'
import { decideRecipients } from '../decide/decide-recipients.ts'
import type { HandOff } from './hand-off.ts'

export interface ResendRequest {
  service: Service
  deliveryId: number
  /** Only what one of these lists excluded. */
  listIds?: readonly number[] | undefined
  /** Only these recipients. */
  recipients?: readonly string[] | undefined
}

export interface ResendAnswer {
  /** How many are sent after all. */
  queued: number
  /** How many recipients each list excludes now. */
  excluded: Record<string, number>
  /** How many cannot be sent because their content is no longer kept. */
  expired: number
  /** Those of `recipients` for whom the delivery has no excluded message. */
  unknown: string[]
}

export type Resend = (request: ResendRequest) => Promise<ResendAnswer>

export interface ResendParts {
  database: Database
  lookUp: LookUp
  clock: Clock
  handOff: Pick<HandOff, 'wake'>
}

/**
 * Asks the lists again about the excluded messages of a delivery, and queues those whose recipients may be mailed now:
 * the same messages, with the Message-ID and the link that they always had. Throws DomainError `unknown-delivery`, or
 * `wrong-state` when the delivery is not active, or none of its content is kept any longer.
 */
export function createResend(parts: ResendParts): Resend {
  return async (request) => {
    await requireActive(parts.database, request)
    const answer: ResendAnswer = { queued: 0, excluded: {}, expired: 0, unknown: [] }
    const { deliveryId, listIds, recipients } = request
    const named = new Map(recipients?.map((recipient) => [recipient, parseAddress(recipient)?.key]))
    const addressKeys = recipients && [...new Set([...named.values()].filter((key) => key !== undefined))]
    const lists = await readServiceLists(parts.database, request.service.id)
    const loader = mailLoader(parts.database)
    const found = new Set<string>()
    let asked = 0
    for await (const messages of findExcluded(parts.database, { deliveryId, listIds, addressKeys })) {
      for (const { address_key } of messages) found.add(address_key)
      let loaded = 0
      for await (const mails of loader.load(messages)) {
        const own = messages.filter(({ content_id }) => mails.has(content_id))
        loaded += own.length
        if (own.length > 0) await askAgain(parts, request.service, lists, { mails, messages: own }, answer)
      }
      answer.expired += messages.length - loaded
      asked += loaded
    }
    if (asked === 0 && answer.expired > 0) {
      throw new DomainError('wrong-state', 'the content of these mails is no longer kept', { field: 'id' })
    }
    for (const [recipient, key] of named) {
      if (key === undefined || !found.has(key)) answer.unknown.push(recipient)
    }
    if (answer.queued > 0) parts.handOff.wake()
    return answer
  }
}

async function requireActive(database: Database, { service, deliveryId }: ResendRequest) {
  const [delivery] = await database.read(
    database.query
      .selectFrom('delivery')
      .select('state')
      .where('service_id', '=', service.id)
      .where('id', '=', deliveryId),
  )
  if (!delivery)
    throw new DomainError('unknown-delivery', `the service has no delivery ${deliveryId}`, { field: 'id' })
  if (delivery.state !== 'active') {
    throw new DomainError('wrong-state', `the delivery is ${delivery.state}`, { field: 'id' })
  }
}

/** `mails` are those of the messages, by content id: they all share From and kind. */
async function askAgain(
  { database, lookUp, clock }: ResendParts,
  service: Service,
  lists: ServiceLists,
  { mails, messages }: { mails: ReadonlyMap<number, LoadedMail>; messages: readonly MessageTable[] },
  answer: ResendAnswer,
): Promise<void> {
  const finders = new Map(
    [...mails].map(([id, { from, content }]) => [id, listFinder(lists, from.key, content)]),
  )
  const candidates = messages.map(({ address_key, content_id, substitutions_json }) => ({
    addressKey: address_key,
    listIds: finders.get(content_id)?.(substitutions_json ? JSON.parse(substitutions_json) : {}).ids ?? [],
  }))
  const [{ deliveryId, from, sendAt, transactional }] = [...mails.values()] as [LoadedMail]
  const now = clock()
  const verdicts = await decideRecipients(lookUp, lists, candidates, { transactional, now })

  const deliverable: AskedAgain[] = []
  const excluded: AskedAgain[] = []
  messages.forEach(({ bucket, id, content_id }, index) => {
    const verdict = verdicts[index]
    if (!verdict) return
    const { decision, overridden } = verdict
    const by = decision.deliver ? overridden : decision
    const asked = {
      bucket,
      id,
      content_id,
      excluded_list_id: by?.listId ?? null,
      excluded_reason: by?.reason ?? null,
      excluded_since: by?.since ?? null,
    }
    if (decision.deliver) deliverable.push(asked)
    else excluded.push(asked)
  })
  answer.queued += await requeueExcluded(database, {
    deliveryId,
    deliverable,
    excluded,
    lane: laneOf({ transactional }),
    dueAt: Math.max(now, sendAt),
    now,
    count: { serviceId: service.id, day: dayOf(now, service.timeZone), sender: from.key },
  })
  for (const { excluded_list_id } of excluded) {
    const name = listName(lists.lists, excluded_list_id ?? 0)
    answer.excluded[name] = (answer.excluded[name] ?? 0) + 1
  }
}
