import type { Clock } from '../../../kernel/clock.ts'
import { DomainError } from '../../../kernel/domain-error.ts'
import { cancelUntouched } from '../../../messages/cancel-untouched.ts'
import type { DeliveryView } from '../../../messages/delivery-store.ts'
import { searchDeliveries } from '../../../messages/reading/search-deliveries.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { changeMany } from '../../../suppression/changing/change-many.ts'
import type { Recorder } from '../../../suppression/changing/recorder.ts'
import { findSender, registerSender, type Sender } from '../../../tenants/sender.ts'
import type { Service } from '../../../tenants/service.ts'
import { originOf } from './change-origin.ts'
import { changeRecord } from './change-record.ts'
import { keyOf } from './native-names.ts'

export interface AraraCapabilities {
  database: Database
  clock: Clock
  ids: Record<'list' | 'audit', IdSource>
  recorder: Recorder
}

/** What both versions of arara's interface do in the same way. */
export interface AraraParts {
  /** Registers a sender whose customers may append text of their own to its links. */
  registerSender(service: Service, address: string, actor: string): Promise<Sender>
  /** Throws DomainError `unknown-sender`. */
  requireSender(service: Service, headerFrom: string, field: string): Promise<Sender>
  /** Makes addresses deliverable again; does nothing when the sender has no list. */
  resume(service: Service, headerFrom: string, addresses: readonly string[], actor: string): Promise<void>
  /** Deliveries that were accepted in a period, newest first. */
  findAccepted(service: Service, period: { from: number; to: number }, most: number): Promise<DeliveryView[]>
  /** Cancels a delivery. Throws DomainError `unknown-delivery`, or `wrong-state` once any of it has begun. */
  cancel(service: Service, id: number, actor: string, field: string): Promise<DeliveryView>
}

const ROWS_PER_PAGE = 1_000

export function createAraraParts(capabilities: AraraCapabilities): AraraParts {
  const { database, clock, ids, recorder } = capabilities
  const record = changeRecord(capabilities)
  return {
    registerSender: async (service, address, actor) => {
      const request = { address, oneClick: true, takesOpaque: true, now: clock() }
      const sender = await registerSender(database, ids.list, service, request)
      await record(actor, service, 'sender.register', sender.address, { oneClick: true, takesOpaque: true })
      return sender
    },
    requireSender: async (service, headerFrom, field) => {
      const sender = await findSender(database, service.id, keyOf(headerFrom, field))
      if (sender) return sender
      throw new DomainError('unknown-sender', 'is not registered for one-click', { field })
    },
    resume: async (service, headerFrom, addresses, actor) => {
      const sender = await findSender(database, service.id, keyOf(headerFrom))
      if (!sender) return
      const { changed } = await changeMany(recorder, {
        kind: 'resume',
        listId: sender.listId,
        addresses,
        requestedAt: clock(),
        ...originOf(actor),
      })
      await record(actor, service, 'suppression.resume', `sender:${sender.address}`, { changed })
    },
    findAccepted: async (service, period, most) => {
      const found: DeliveryView[] = []
      for (let cursor: string | undefined; found.length < most; ) {
        const limit = Math.min(ROWS_PER_PAGE, most - found.length)
        const search = { serviceId: service.id, ...period, cursor, limit }
        const { items, next } = await searchDeliveries(database, search)
        found.push(...items)
        if (next === null) break
        cursor = next
      }
      return found
    },
    cancel: async (service, id, actor, field) => {
      const { isCancelled, delivery } = await cancelUntouched(database, service, id, clock())
      if (!isCancelled) {
        throw new DomainError('wrong-state', 'the delivery cannot be cancelled any more', { field })
      }
      await record(actor, service, 'delivery.cancelled', String(id), {})
      return delivery
    },
  }
}
