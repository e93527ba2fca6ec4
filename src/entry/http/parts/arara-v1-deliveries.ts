import { actorOf } from '../../../access/authorise.ts'
import type { DeliveryAnswer } from '../../../delivery/accept/delivery-request.ts'
import { requireSendTime } from '../../../delivery/accept/send-time.ts'
import type { AraraV1Parts, Reserved } from '../../../dialects/arara-v1/parts.ts'
import { DomainError, invalid } from '../../../kernel/domain-error.ts'
import { findDelivery, findDeliveryByRequest } from '../../../messages/delivery-store.ts'
import { findMessages } from '../../../messages/reading/find-messages.ts'
import type { MessageView } from '../../../messages/reading/message-view.ts'
import type { MessageState } from '../../../storage/mail-tables.ts'
import { findSenders } from '../../../tenants/sender.ts'
import type { Service } from '../../../tenants/service.ts'
import type { AraraParts } from './arara-parts.ts'
import type { NativeCapabilities } from './native-parts.ts'

type DeliveryParts = Pick<
  AraraV1Parts,
  'reserve' | 'cancel' | 'findDelivery' | 'findByRequest' | 'findAccepted' | 'results'
>

const ROWS_PER_PAGE = 1_000
/** The relay was asked about them, and has answered. */
const SETTLED: readonly MessageState[] = ['sent', 'kept', 'failed']

/** What arara's XML interface does with deliveries. */
export function createAraraV1Deliveries(
  { database, clock, acceptDelivery }: NativeCapabilities,
  arara: AraraParts,
): DeliveryParts {
  const soleSender = async ({ id }: Service): Promise<string> => {
    const [sender, another] = await findSenders(database, id)
    if (sender && !another) return sender.address
    throw invalid('from', 'is needed: the service has not just one sender')
  }

  const earlier = async (service: Service, requestId: string): Promise<Reserved | undefined> => {
    const found = await findDeliveryByRequest(database, service.id, requestId)
    if (!found) return undefined
    const { id, accepted } = found.answer as DeliveryAnswer
    return { id, accepted }
  }

  return {
    reserve: async ({ service, caller }, { from: address, fromName, ...request }) => {
      const { requestId } = request
      const used = requestId === undefined ? undefined : await earlier(service, requestId)
      if (used) return { ...used, isRepeat: true }
      requireSendTime(request.sendAt, clock())
      const from = { address: address ?? (await soleSender(service)), name: fromName }
      const delivery = { ...request, service, from, createdBy: actorOf(caller), transactional: false }
      try {
        const { id, accepted, replayed } = await acceptDelivery(delivery)
        return { id, accepted, isRepeat: replayed }
      } catch (error) {
        // Another reservation with this id came at the same moment.
        if (!(error instanceof DomainError) || error.code !== 'request-id-reused') throw error
        const first = requestId === undefined ? undefined : await earlier(service, requestId)
        if (!first) throw error
        return { ...first, isRepeat: true }
      }
    },
    cancel: async ({ service, caller }, id) => {
      await arara.cancel(service, id, actorOf(caller), 'deliver_id')
    },
    findDelivery: (service, id) => findDelivery(database, service.id, id),
    findByRequest: async (service, requestId) => {
      const found = await earlier(service, requestId)
      if (found) return findDelivery(database, service.id, found.id)
      throw new DomainError('unknown-delivery', 'no delivery has this request id', { field: 'request_id' })
    },
    findAccepted: arara.findAccepted,
    results: async (service, id, { failedOnly, after, most }) => {
      await findDelivery(database, service.id, id)
      const messages: MessageView[] = []
      const state = failedOnly ? 'failed' : undefined
      for (let last = after; ; ) {
        if (messages.length >= most) return { messages, next: last ?? 0 }
        const page = await findMessages(database, id, { after: last, state, limit: ROWS_PER_PAGE })
        for (const message of page) {
          if (messages.length >= most) return { messages, next: last ?? 0 }
          if (SETTLED.includes(message.state)) messages.push(message)
          last = message.id
        }
        if (page.length < ROWS_PER_PAGE) return { messages, next: undefined }
      }
    },
  }
}
