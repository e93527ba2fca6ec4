import { parseAddress } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { invalid } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import type { LookUp } from '../../suppression/deciding/look-up.ts'
import { listName } from '../../tenants/list.ts'
import type { Service } from '../../tenants/service.ts'
import { readServiceLists, type ServiceLists } from '../../tenants/service-lists.ts'
import { headersAsContent, type SeenHeaders, type StoredContent } from '../content/content.ts'
import { listFinder } from './applicable-lists.ts'
import { decideRecipients } from './decide-recipients.ts'

interface CheckRequest {
  service: Service
  from: StoredContent['from']
  headers?: SeenHeaders | undefined
  transactional?: boolean | undefined
  recipients: readonly string[]
}

export interface Exclusion {
  address: string
  /** As the API names lists: `sender:ADDRESS`, `filter:NAME`, `hard-bounces`, … */
  list: string
  reason: string
  since: number
}

export interface CheckAnswer {
  deliverable: string[]
  excluded: Exclusion[]
  malformed: string[]
}

export type CheckRecipients = (request: CheckRequest) => Promise<CheckAnswer>

/** Tells who would get a mail now, without sending one. */
export function createCheckRecipients(parts: {
  database: Database
  lookUp: LookUp
  clock: Clock
}): CheckRecipients {
  return async ({ service, from, headers = {}, transactional = false, recipients }) => {
    const sender = parseAddress(from.address)
    if (!sender) throw invalid('from', `${from.address} is not a mail address`)
    const lists = await readServiceLists(parts.database, service.id)
    const { ids } = listFinder(lists, sender.key, headersAsContent(from, headers))({})

    const parsed = recipients.map(parseAddress)
    const candidates = parsed.flatMap((address) =>
      address ? [{ addressKey: address.key, listIds: ids }] : [],
    )
    const verdicts = await decideRecipients(parts.lookUp, lists, candidates, {
      transactional,
      now: parts.clock(),
    })

    const answer: CheckAnswer = { deliverable: [], excluded: [], malformed: [] }
    let next = 0
    recipients.forEach((address, index) => {
      if (!parsed[index]) {
        answer.malformed.push(address)
        return
      }
      const decision = verdicts[next++]?.decision
      if (decision?.deliver === false) answer.excluded.push(exclusion(lists, address, decision))
      else answer.deliverable.push(address)
    })
    return answer
  }
}

function exclusion(
  lists: ServiceLists,
  address: string,
  { listId, reason, since }: { listId: number; reason: string; since: number },
): Exclusion {
  return { address, list: listName(lists.lists, listId), reason, since }
}
