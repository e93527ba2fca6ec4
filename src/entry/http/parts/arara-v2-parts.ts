import { createBearerTokens } from '../../../access/bearer-tokens.ts'
import type { AcceptDelivery } from '../../../delivery/accept/accept.ts'
import { requireSendTime } from '../../../delivery/accept/send-time.ts'
import type { AraraV2Parts, Day } from '../../../dialects/arara-v2/parts.ts'
import { boundsOfDay } from '../../../kernel/calendar.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import { findDelivery, findDeliveryByRequest } from '../../../messages/delivery-store.ts'
import { findMessages } from '../../../messages/reading/find-messages.ts'
import type { Database } from '../../../storage/database.ts'
import type { ErasedPeople } from '../../../suppression/erased/erased.ts'
import { readStopRequests } from '../../../suppression/reading/requests.ts'
import { findServices } from '../../../tenants/service.ts'
import type { Links } from '../../../tokens/link.ts'
import { readOpaqueParts } from '../../../unsubscribe/read-opaque.ts'
import { type AraraCapabilities, createAraraParts } from './arara-parts.ts'
import { changeRecord } from './change-record.ts'
import { createErrorCountParts } from './error-count-parts.ts'

interface AraraV2Capabilities extends AraraCapabilities {
  keyring: Keyring
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
  const { database, clock, links } = capabilities
  const record = changeRecord(capabilities)
  const arara = createAraraParts(capabilities)
  const errorCounts = createErrorCountParts({ ...capabilities, record })
  return {
    ...entrance,
    tokens: createBearerTokens(capabilities),
    findServices: ({ siteId }) => findServices(database, siteId),
    registerSender: async (service, address, actor) =>
      links.baseUrl(await arara.registerSender(service, address, actor)),
    resume: arara.resume,
    stopRequests: async (service, headerFrom, { date, timeZone }) => {
      const { listId } = await arara.requireSender(service, headerFrom, 'header-from')
      const { automaticExclusion } = service.settings
      const period = { listIds: [listId], ...boundsOfDay(date, timeZone), timeZone, automaticExclusion }
      return readStopRequests(database, period, clock)
    },
    opaqueParts: async (service, headerFrom, { date, timeZone }: Day) => {
      const { listId } = await arara.requireSender(service, headerFrom, 'header-from')
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
    findAccepted: arara.findAccepted,
    cancel: (service, id, actor) => arara.cancel(service, id, actor, 'delivery_id'),
    results: async (service, id) => {
      const { from } = await findDelivery(database, service.id, id)
      return { from, pages: messagePages(database, id) }
    },
    findErrorCounts: async (service, addresses) => (await errorCounts.find(service, addresses)).items,
    setErrorCounts: errorCounts.set,
  }
}

async function* messagePages(database: Database, id: number) {
  for (let after: number | undefined; ; ) {
    const page = await findMessages(database, id, { after, limit: ROWS_PER_PAGE })
    if (page.length > 0) yield page
    if (page.length < ROWS_PER_PAGE) return
    after = page.at(-1)?.id
  }
}
