import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import type { LookUp } from '../../suppression/deciding/look-up.ts'
import { readServiceLists, type ServiceLists } from '../../tenants/service-lists.ts'
import type { LoadedMail } from '../content/load-mail.ts'
import { type ApplicableLists, listFinder } from '../decide/applicable-lists.ts'
import { decideRecipients, type Verdict } from '../decide/decide-recipients.ts'

/** One message that is about to be sent, with what the lists said of its recipient, and when. */
export interface Attempt {
  message: MessageTable
  mail: LoadedMail
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

export interface RenewParts extends Pick<PlanParts, 'lookUp' | 'clock'> {
  /** How a delivery stands now. */
  stateOf(deliveryId: number): Promise<Tables['delivery']['state'] | undefined>
}

/** A verdict older than this is asked for again: a message may have waited long for its turn at the relay. */
const FRESH_MS = 500

/** Plans the attempts for claimed messages of one service. Rejects when the lists cannot be asked. */
export async function planAttempts(
  { database, lookUp, clock }: PlanParts,
  mails: ReadonlyMap<number, LoadedMail>,
  serviceId: number,
  messages: readonly MessageTable[],
): Promise<Attempt[]> {
  const service = await readServiceLists(database, serviceId)
  const planned = [...Map.groupBy(messages, ({ content_id }) => content_id)].flatMap(([contentId, own]) => {
    const mail = mails.get(contentId)
    if (!mail) throw new Error(`content ${contentId} is not there`)
    const find = listFinder(service, mail.from.key, mail.content)
    return own.map((message) => ({
      message,
      mail,
      lists: find(message.substitutions_json ? JSON.parse(message.substitutions_json) : {}),
    }))
  })
  const decidedAt = clock()
  const attempts: Attempt[] = []
  for (const transactional of [true, false]) {
    const own = planned.filter(({ mail }) => mail.transactional === transactional)
    if (own.length === 0) continue
    const candidates = own.map(({ message, lists }) => ({
      addressKey: message.address_key,
      listIds: lists.ids,
    }))
    const verdicts = await decideRecipients(lookUp, service, candidates, { transactional, now: decidedAt })
    attempts.push(
      ...own.map((plan, index) => ({ ...plan, service, verdict: verdicts[index] as Verdict, decidedAt })),
    )
  }
  return attempts
}

/**
 * The attempt as it stands now: a stop that was acknowledged a moment ago counts. Undefined when its delivery was
 * paused or cancelled meanwhile. Rejects when that cannot be found out.
 */
export async function renewAttempt(
  { stateOf, lookUp, clock }: RenewParts,
  attempt: Attempt,
): Promise<Attempt | undefined> {
  const { message, mail, service, lists, decidedAt } = attempt
  const now = clock()
  if (Math.abs(now - decidedAt) < FRESH_MS) return attempt
  const candidates = [{ addressKey: message.address_key, listIds: lists.ids }]
  const { transactional } = mail
  const [state, [verdict]] = await Promise.all([
    stateOf(mail.deliveryId),
    decideRecipients(lookUp, service, candidates, { transactional, now }),
  ])
  return state === 'active' && verdict ? { ...attempt, verdict, decidedAt: now } : undefined
}
