import type { AcceptDelivery } from '../../../delivery/accept/accept.ts'
import type { Resend } from '../../../delivery/outbox/resend.ts'
import type { NativeParts } from '../../../dialects/native/parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { changeDelivery } from '../../../messages/change-delivery.ts'
import { findDelivery } from '../../../messages/delivery-store.ts'
import { findMessages } from '../../../messages/reading/find-messages.ts'
import { readKeptMail } from '../../../messages/reading/read-kept-mail.ts'
import { searchDeliveries } from '../../../messages/reading/search-deliveries.ts'
import { decodeCursor } from '../../../storage/cursor.ts'
import type { Database } from '../../../storage/database.ts'
import { resolveLists } from '../../../tenants/list.ts'
import type { RecordChange } from './change-record.ts'
import { listNames, withList } from './native-names.ts'
import { cut } from './native-pages.ts'

interface Capabilities {
  database: Database
  clock: Clock
  acceptDelivery: AcceptDelivery
  resend: Resend
  record: RecordChange
}

/** What the native interface does with deliveries. */
export function createDeliveryParts(capabilities: Capabilities): NativeParts['deliveries'] {
  const { database, clock, acceptDelivery, resend, record } = capabilities
  return {
    accept: acceptDelivery,
    find: (service, page) => searchDeliveries(database, { serviceId: service.id, ...page }),
    findOne: (service, id) => findDelivery(database, service.id, id),
    messages: async (service, id, { cursor, limit, state }) => {
      await findDelivery(database, service.id, id)
      const [after] = cursor === undefined ? [undefined] : decodeCursor(cursor, ['integer'])
      const found = await findMessages(database, id, { after, state, limit: limit + 1 })
      const nameOf = await listNames(database, service)
      const items = found.map((message) => withList(message, nameOf))
      return cut(items, limit, (message) => [message.id])
    },
    rawMail: async (service, id, messageId) => {
      await findDelivery(database, service.id, id)
      return readKeptMail(database, id, messageId)
    },
    resend: async (service, id, { list, recipients }, actor) => {
      const lists = list === undefined ? undefined : await resolveLists(database, service.id, list)
      const listIds = lists?.map((found) => found.id)
      const answer = await resend({ service, deliveryId: id, listIds, recipients })
      await record(actor, service, 'delivery.resend', String(id), { list, queued: answer.queued })
      return answer
    },
    change: async (service, id, state, actor) => {
      const delivery = await changeDelivery(database, service, id, state, clock())
      await record(actor, service, `delivery.${state}`, String(id), {})
      return delivery
    },
  }
}
