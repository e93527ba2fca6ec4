import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import type { MessageTable } from '../storage/tables.ts'
import type { LookUp } from '../suppression/look-up.ts'
import { readServiceLists, type ServiceLists } from '../tenants/service-lists.ts'
import { type ApplicableLists, listFinder } from './applicable-lists.ts'
import { decideRecipients, type Verdict } from './decide-recipients.ts'
import type { LoadedDelivery } from './load-delivery.ts'

/** One message that is about to be sent, with what the lists said of its recipient, and when. */
export interface Attempt {
  message: MessageTable
  delivery: LoadedDelivery
  service: ServiceLists
  lists: ApplicableLists
  verdict: Verdict
  decidedAt: number
}

export interface PlanParts {
  database: Database
  lookUp: LookUp
  clock: Clock
}

/** A verdict this old is asked for again: a message may have waited long for its turn at the relay. */
const FRESH_MS = 500

/** Plans the attempts for claimed messages of one service. Rejects when the lists cannot be asked. */
export async function planAttempts(
  { database, lookUp, clock }: PlanParts,
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
    const decidedAt = clock()
    const verdicts = await decideRecipients(lookUp, service, candidates, { transactional, now: decidedAt })
    own.forEach((message, index) => {
      const verdict = verdicts[index] as Verdict
      attempts.push({
        message,
        delivery,
        service,
        lists: lists[index] as ApplicableLists,
        verdict,
        decidedAt,
      })
    })
  }
  return attempts
}

/**
 * The attempt as it stands now: a stop that was acknowledged a moment ago counts. Undefined when its delivery was paused or
 * cancelled meanwhile. Rejects when that cannot be told.
 */
export async function renewAttempt(
  { database, lookUp, clock }: PlanParts,
  attempt: Attempt,
): Promise<Attempt | undefined> {
  const { message, delivery, service, lists, decidedAt } = attempt
  const now = clock()
  if (Math.abs(now - decidedAt) < FRESH_MS) return attempt
  const state = database.query.selectFrom('delivery').select('state').where('id', '=', delivery.id)
  const candidates = [{ addressKey: message.address_key, listIds: lists.ids }]
  const { transactional } = delivery
  const [[row], [verdict]] = await Promise.all([
    database.read(state),
    decideRecipients(lookUp, service, candidates, { transactional, now }),
  ])
  return row?.state === 'active' && verdict ? { ...attempt, verdict, decidedAt: now } : undefined
}
