import { createAuthenticate } from '../../access/authenticate.ts'
import { provision } from '../../access/provision.ts'
import { findAudit, recordAudit } from '../../audit/audit.ts'
import type { AcceptDelivery } from '../../delivery/accept.ts'
import type { CheckRecipients } from '../../delivery/check-recipients.ts'
import { writeOneClick } from '../../exports/one-click.ts'
import { addressKey } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { changeDelivery, findDeliveries, findDelivery } from '../../messages/delivery-store.ts'
import { findMessages, readKeptMail } from '../../messages/message-view.ts'
import type { Database } from '../../storage/database.ts'
import type { IdSource } from '../../storage/id-block.ts'
import type { Recorder } from '../../suppression/recorder.ts'
import { readStopRequests } from '../../suppression/requests.ts'
import { createFilter, deleteFilter, type Filter, findFilters, updateFilter } from '../../tenants/filter.ts'
import { findLists, listRef } from '../../tenants/list.ts'
import { findSender, findSenders, registerSender, type Sender } from '../../tenants/sender.ts'
import { findService } from '../../tenants/service.ts'
import type { Links } from '../../tokens/link.ts'
import { createMintHeaders } from './mint-headers.ts'
import { idAfter, pageById, pageOf } from './pages.ts'
import type { NativeParts, Recorded } from './parts.ts'
import { suppressionParts } from './suppression-parts.ts'

export interface NativeFoundations {
  database: Database
  clock: Clock
  keyring: Keyring
  ids: Record<'list' | 'api-user' | 'audit', IdSource>
  recorder: Recorder
  links: Links
  acceptDelivery: AcceptDelivery
  checkRecipients: CheckRecipients
  controlToken: string
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<unknown>
  /** Counts a refused sign-in. */
  onRefused(): void
}

/** Joins the capabilities below into what the native interface calls, and records who changed what. */
export function assembleNativeParts(given: NativeFoundations): NativeParts {
  const { database, clock, ids, links, controlToken } = given
  const record: Recorded = (actor, { siteId }, action, subject, detail) =>
    recordAudit(database, ids.audit, { at: clock(), actor, action, siteId, subject, detail })
  return {
    controlToken,
    authenticate: createAuthenticate(given),
    provision: (file) =>
      provision(
        {
          ...given,
          listIds: ids.list,
          apiUserIds: ids['api-user'],
          baseUrl: links.baseUrl,
          record: (entry) => recordAudit(database, ids.audit, { ...entry, at: clock(), actor: 'operator' }),
        },
        file,
      ),
    findAudit: async (siteId, page) => {
      const { limit } = page
      return pageById(await findAudit(database, { siteId, before: idAfter(page), limit: limit + 1 }), limit)
    },
    findService: (id) => findService(database, id),
    baseUrl: links.baseUrl,
    senders: senderParts(given, record),
    filters: filterParts(given, record),
    mintHeaders: createMintHeaders(given),
    checkRecipients: given.checkRecipients,
    deliveries: deliveryParts(given, record),
    suppressions: suppressionParts({ ...given, record }),
    exports: {
      oneClick: async (service, { sender, from = 0, to = Number.MAX_SAFE_INTEGER, ...format }) => {
        const { timeZone } = service
        const { listId } = await requireSender(database, service.id, sender)
        const requests = readStopRequests(database, { listIds: [listId], from, to, timeZone }, clock)
        return writeOneClick(requests, { ...format, timeZone })
      },
    },
  }
}

async function requireSender(database: Database, serviceId: number, address: string): Promise<Sender> {
  const key = addressKey(address)
  if (key === undefined) throw invalid('sender', 'must be a mail address')
  const sender = await findSender(database, serviceId, key)
  if (sender) return sender
  throw new DomainError('unknown-sender', `the service has no sender ${address}`, { field: 'sender' })
}

function senderParts({ database, ids, clock }: NativeFoundations, record: Recorded): NativeParts['senders'] {
  return {
    find: async (service, page) =>
      pageOf(await findSenders(database, service.id), page, ({ listId }) => [listId, 0]),
    register: async (service, request, actor) => {
      const sender = await registerSender(database, ids.list, service, { ...request, now: clock() })
      await record(actor, service, 'sender.register', sender.address, { oneClick: sender.oneClick })
      return sender
    },
  }
}

function filterParts({ database, ids, clock }: NativeFoundations, record: Recorded): NativeParts['filters'] {
  const named = async (serviceId: number, classId: string): Promise<Filter> => {
    const found = (await findFilters(database, serviceId)).find((filter) => filter.classId === classId)
    if (found) return found
    throw new DomainError('unknown-filter', `the service has no filter ${classId}`, { field: 'classId' })
  }
  return {
    find: async (service, page) =>
      pageOf(await findFilters(database, service.id), page, ({ position, listId }) => [position, listId]),
    create: async (service, request, actor) => {
      const filter = await createFilter(database, ids.list, service, { ...request, now: clock() })
      await record(actor, service, 'filter.create', filter.name, { ...request })
      return filter
    },
    update: async (service, classId, change, actor) => {
      const { name } = await named(service.id, classId)
      const filter = await updateFilter(database, service.id, name, change)
      await record(actor, service, 'filter.update', name, change)
      return filter
    },
    remove: async (service, classId, actor) => {
      const { name } = await named(service.id, classId)
      await deleteFilter(database, service.id, name, clock())
      await record(actor, service, 'filter.delete', name, {})
    },
  }
}

function deliveryParts(
  { database, clock, acceptDelivery }: NativeFoundations,
  record: Recorded,
): NativeParts['deliveries'] {
  return {
    accept: acceptDelivery,
    find: async (service, page) => {
      const { limit } = page
      const rows = await findDeliveries(database, service.id, { before: idAfter(page), limit: limit + 1 })
      return pageById(rows, limit)
    },
    findOne: (service, id) => findDelivery(database, service.id, id),
    messages: async (service, id, page) => {
      const { limit, state } = page
      await findDelivery(database, service.id, id)
      const [rows, lists] = await Promise.all([
        findMessages(database, id, { after: idAfter(page), state, limit: limit + 1 }),
        findLists(database, service.id),
      ])
      const names = new Map(lists.map((list) => [list.id, listRef(list)]))
      const named = rows.map((row) => ({ ...row, list: names.get(row.listId ?? 0) ?? null }))
      return pageById(named, limit)
    },
    rawMail: async (service, id, messageId) => {
      await findDelivery(database, service.id, id)
      return readKeptMail(database, id, messageId)
    },
    change: async (service, id, state, actor) => {
      const delivery = await changeDelivery(database, service.id, id, state, clock())
      await record(actor, service, 'delivery.change', String(id), { state })
      return delivery
    },
  }
}
