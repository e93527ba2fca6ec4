import { createBearerTokens } from '../../access/bearer-tokens.ts'
import type { AcceptDelivery } from '../../delivery/accept/accept.ts'
import { requireSendTime } from '../../delivery/accept/send-time.ts'
import type { AraraV2Parts, Day } from '../../dialects/arara-v2/parts.ts'
import { boundsOfDay } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { changeDelivery } from '../../messages/change-delivery.ts'
import { type DeliveryView, findDelivery, findDeliveryByRequest } from '../../messages/delivery-store.ts'
import { findMessages } from '../../messages/find-messages.ts'
import { searchDeliveries } from '../../messages/search-deliveries.ts'
import type { Database } from '../../storage/database.ts'
import type { IdSource } from '../../storage/id-block.ts'
import { changeMany } from '../../suppression/change-many.ts'
import type { ErasedPeople } from '../../suppression/erased.ts'
import type { Recorder } from '../../suppression/recorder.ts'
import { readStopRequests } from '../../suppression/requests.ts'
import { findSender, registerSender, type Sender } from '../../tenants/sender.ts'
import { findServices, type Service } from '../../tenants/service.ts'
import type { Links } from '../../tokens/link.ts'
import { readOpaqueParts } from '../../unsubscribe/read-opaque.ts'
import { changeRecord } from './change-record.ts'
import { createErrorCountParts } from './error-count-parts.ts'
import { keyOf } from './native-names.ts'

interface AraraV2Capabilities {
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'list' | 'audit', IdSource>
  recorder: Recorder
  erased: Pick<ErasedPeople, 'replace'>
  links: Links
  acceptDelivery: AcceptDelivery
}

const ROWS_PER_PAGE = 1_000

/** What API v2 of arara does, made of the capabilities of the rooms below. */
export function createAraraV2Parts(
  capabilities: AraraV2Capabilities,
  entrance: Pick<AraraV2Parts, 'authenticate' | 'clientAddress'>,
): AraraV2Parts {
  const { database, clock, ids, recorder, links } = capabilities
  const record = changeRecord(capabilities)
  const errorCounts = createErrorCountParts({ ...capabilities, record })
  return {
    ...entrance,
    tokens: createBearerTokens(capabilities),
    findServices: ({ siteId }) => findServices(database, siteId),
    registerSender: async (service, address, actor) => {
      const request = { address, oneClick: true, takesOpaque: true, now: clock() }
      const sender = await registerSender(database, ids.list, service, request)
      await record(actor, service, 'sender.register', sender.address, { oneClick: true, takesOpaque: true })
      return links.baseUrl(sender)
    },
    resume: async (service, headerFrom, addresses, actor) => {
      // Nobody is on a list that there is not.
      const sender = await findSender(database, service.id, keyOf(headerFrom))
      if (!sender) return
      const request = {
        kind: 'resume',
        listId: sender.listId,
        addresses,
        requestedAt: clock(),
        source: 'api',
      } as const
      const { changed } = await changeMany(recorder, request)
      await record(actor, service, 'suppression.resume', `sender:${sender.address}`, { changed })
    },
    stopRequests: async (service, headerFrom, { date, timeZone }) => {
      const { listId } = await requireSender(database, service, headerFrom)
      const { automaticExclusion } = service.settings
      const period = { listIds: [listId], ...boundsOfDay(date, timeZone), timeZone, automaticExclusion }
      return readStopRequests(database, period, clock)
    },
    opaqueParts: async (service, headerFrom, { date, timeZone }: Day) => {
      const { listId } = await requireSender(database, service, headerFrom)
      return readOpaqueParts(database, { listId, ...boundsOfDay(date, timeZone) })
    },
    send: async (service, request, actor) => {
      requireSendTime(request.sendAt, clock())
      const answer = await capabilities.acceptDelivery({ ...request, service, createdBy: actor })
      if (!answer.replayed) return answer
      throw new DomainError('request-id-reused', `${request.requestId} was used before`, {
        field: 'requestId',
      })
    },
    findDelivery: (service, id) => findDelivery(database, service.id, id),
    findByRequest: async (service, requestId) => {
      const found = await findDeliveryByRequest(database, service.id, requestId)
      const { id } = (found?.answer ?? {}) as { id?: number }
      return id === undefined ? [] : [await findDelivery(database, service.id, id)]
    },
    findAccepted: async (service, period, most) => {
      const found: DeliveryView[] = []
      for (let cursor: string | undefined; found.length < most; ) {
        const limit = Math.min(ROWS_PER_PAGE, most - found.length)
        const { items, next } = await searchDeliveries(database, {
          serviceId: service.id,
          ...period,
          cursor,
          limit,
        })
        found.push(...items)
        if (next === null) break
        cursor = next
      }
      return found
    },
    cancel: async (service, id, actor) => {
      const { state, messages } = await findDelivery(database, service.id, id)
      const { queued = 0, excluded = 0, ...begun } = messages
      if (state === 'cancelled' || queued === 0 || Object.keys(begun).length > 0) {
        throw new DomainError('wrong-state', 'the delivery cannot be cancelled any more', {
          field: 'delivery_id',
        })
      }
      const delivery = await changeDelivery(database, service, id, 'cancelled', clock())
      await record(actor, service, 'delivery.cancelled', String(id), {})
      return delivery
    },
    results: async (service, id) => {
      const { from } = await findDelivery(database, service.id, id)
      return { from, pages: messagePages(database, id) }
    },
    findErrorCounts: async (service, addresses) => (await errorCounts.find(service, addresses)).items,
    setErrorCounts: errorCounts.set,
  }
}

async function requireSender(database: Database, service: Service, headerFrom: string): Promise<Sender> {
  const sender = await findSender(database, service.id, keyOf(headerFrom))
  if (sender) return sender
  throw new DomainError('unknown-sender', 'is not registered for one-click', { field: 'header-from' })
}

async function* messagePages(database: Database, id: number) {
  for (let after: number | undefined; ; ) {
    const page = await findMessages(database, id, { after, limit: ROWS_PER_PAGE })
    if (page.length > 0) yield page
    if (page.length < ROWS_PER_PAGE) return
    after = page.at(-1)?.id
  }
}
