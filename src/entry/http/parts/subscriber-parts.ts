import type { SubscriberParts } from '../../../dialects/native/parts/subscriber-parts.ts'
import { maskAddress } from '../../../kernel/address.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../storage/database.ts'
import { findAgreements } from '../../../subscribers/agreements/read-agreements.ts'
import { editSubscriber } from '../../../subscribers/edit.ts'
import type { ImportSubscribers } from '../../../subscribers/import/import-subscribers.ts'
import { createJoin } from '../../../subscribers/join.ts'
import { findMemberships } from '../../../subscribers/memberships.ts'
import { removeSubscriber } from '../../../subscribers/remove.ts'
import { findSubscriber, searchSubscribers } from '../../../subscribers/search.ts'
import type { ErasedPeople } from '../../../suppression/erased/erased.ts'
import { originOf } from './change-origin.ts'
import type { RecordChange } from './change-record.ts'
import { addressOf } from './native-names.ts'

interface Capabilities {
  database: Database
  clock: Clock
  erased: Pick<ErasedPeople, 'find' | 'without'>
  importSubscribers: ImportSubscribers
  record: RecordChange
}

/** How a change by the caller whom the record names came, in the words of subscribers. */
function cameBy(actor: string) {
  const { source: via, evidence } = originOf(actor)
  return { via, evidence }
}

/** What the native interface does with subscribers. The record names them by masked addresses alone. */
export function createSubscriberParts(capabilities: Capabilities): SubscriberParts {
  const { database, clock, erased, importSubscribers, record } = capabilities
  const join = createJoin(database, clock, erased)
  return {
    register: async (service, address, data, actor) => {
      const recipient = addressOf(address)
      const { created, lifted } = await join({ service, recipient, data, ...cameBy(actor) })
      await record(actor, service, 'subscriber.register', maskAddress(recipient.key), { created, lifted })
      return { ...(await findSubscriber(database, service, recipient.key)), created, lifted }
    },
    edit: async (service, address, { membership, revision, ...data }, actor) => {
      const recipient = addressOf(address)
      const change = { service, recipient, data, membership, revision, at: clock(), ...cameBy(actor) }
      const { lifted } = await editSubscriber(database, change, erased)
      const detail = { membership, lifted, fields: Object.keys(data) }
      await record(actor, service, 'subscriber.edit', maskAddress(recipient.key), detail)
      return { ...(await findSubscriber(database, service, recipient.key)), lifted }
    },
    search: (service, search, page) => searchSubscribers(database, { service, ...search, ...page }),
    read: async (service, address) => {
      const { key } = addressOf(address)
      const found = await findSubscriber(database, service, key)
      return { ...found, agreements: await findAgreements(database, service.id, [key]) }
    },
    memberships: (service, address) => findMemberships(database, service.siteId, addressOf(address).key),
    remove: async (service, address, actor) => {
      const recipient = addressOf(address)
      await removeSubscriber(database, { service, recipient })
      await record(actor, service, 'subscriber.delete', maskAddress(recipient.key), {})
    },
    import: async (service, file, request, actor) => {
      const imported = await importSubscribers(file, { service, ...request })
      const { rejects, ...detail } = imported
      await record(actor, service, 'subscriber.import', request.membership, {
        ...detail,
        rejected: rejects.length,
      })
      return imported
    },
  }
}
