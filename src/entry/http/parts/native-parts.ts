import type { ConsoleAuth } from '../../../access/people/console-auth.ts'
import { type ProvisionParts, provision } from '../../../access/provision.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { AcceptDelivery } from '../../../delivery/accept/accept.ts'
import { createMintHeaders } from '../../../delivery/content/mint-headers.ts'
import type { CheckRecipients } from '../../../delivery/decide/check-recipients.ts'
import { tryFilters } from '../../../delivery/decide/try-filters.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { Resend } from '../../../delivery/outbox/resend.ts'
import type { ServiceRelays } from '../../../delivery/relay/service-relays.ts'
import type { NativeParts } from '../../../dialects/native/parts.ts'
import type { ExportPasswords } from '../../../exports/export-passwords.ts'
import type { ReceiveImport } from '../../../imports/receive.ts'
import { addressesOf } from '../../../inbound/addresses.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import { changeDelivery } from '../../../messages/change-delivery.ts'
import { findDelivery } from '../../../messages/delivery-store.ts'
import { findMessages } from '../../../messages/find-messages.ts'
import { readKeptMail } from '../../../messages/read-kept-mail.ts'
import { searchDeliveries } from '../../../messages/search-deliveries.ts'
import { decodeCursor } from '../../../storage/cursor.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { findAgreements } from '../../../subscribers/agreements/read-agreements.ts'
import type { ErasePerson } from '../../../subscribers/erase/erase-person.ts'
import { createProvisionForms } from '../../../subscribers/forms/provision-forms.ts'
import type { ImportSubscribers } from '../../../subscribers/import/import-subscribers.ts'
import type { Reason } from '../../../suppression/change.ts'
import { changeMany } from '../../../suppression/change-many.ts'
import type { ErasedPeople } from '../../../suppression/erased.ts'
import type { Recorder } from '../../../suppression/recorder.ts'
import { searchSuppressions } from '../../../suppression/search.ts'
import { endOf, excludes } from '../../../suppression/standing.ts'
import { readTimeline } from '../../../suppression/timeline.ts'
import { createFilter, deleteFilter, findFilter, findFilters, updateFilter } from '../../../tenants/filter.ts'
import { revisionOfOrder } from '../../../tenants/filter-order.ts'
import { findLists, type List, resolveList, resolveLists } from '../../../tenants/list.ts'
import type { PageDirectory } from '../../../tenants/page-directory.ts'
import { findSenders, registerSender } from '../../../tenants/sender.ts'
import { findService, type Service } from '../../../tenants/service.ts'
import type { Links } from '../../../tokens/link.ts'
import type { AcceptParts } from '../../../unsubscribe/accept-request.ts'
import { createApiUserParts } from './api-user-parts.ts'
import { createAuditParts } from './audit-parts.ts'
import { changeRecord } from './change-record.ts'
import { createErrorCountParts } from './error-count-parts.ts'
import { createExportParts } from './export-parts.ts'
import { createFormParts } from './form-parts.ts'
import { createImportParts } from './import-parts.ts'
import { createInboundParts, type InboundCapabilities } from './inbound-parts.ts'
import { createMakeFile } from './make-file.ts'
import { addressOf, keyOf, listNames, named, withList } from './native-names.ts'
import { cut, pageOf, sortable } from './native-pages.ts'
import { createOverviewParts } from './overview-parts.ts'
import { createPeopleParts } from './people-parts.ts'
import { createReportParts } from './report-parts.ts'
import { createSenderDnsParts, type SenderDnsCapabilities } from './sender-dns-parts.ts'
import { createServiceParts } from './service-parts.ts'
import { createServiceRelayParts } from './service-relay-parts.ts'
import { createSubscriberParts } from './subscriber-parts.ts'
import { createUnverifiedParts } from './unverified-parts.ts'

export interface NativeCapabilities {
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'list' | 'api-user' | 'audit', IdSource>
  recorder: Recorder
  links: Links
  relays: ServiceRelays
  exportPasswords: ExportPasswords
  pages: PageDirectory
  acceptDelivery: AcceptDelivery
  checkRecipients: CheckRecipients
  resend: Resend
  receiveImport: ReceiveImport
  publicParts: Omit<AcceptParts, 'journal'> & { journal: { readonly pending: boolean } }
  dkim: Pick<DkimStore, 'signingKeys' | 'list'>
  importSubscribers: ImportSubscribers
  erased: ErasedPeople
  erasePerson: ErasePerson
  inbound: InboundCapabilities['inbound']
  /** Told that there is something to import. */
  importJob: { wake(): void }
  consoleAuth: ConsoleAuth
  consoleUrl: string
  publicUrl: string
}

/** The native interface's functions, each made of the capabilities of the rooms below. */
export function createNativeParts(
  capabilities: NativeCapabilities & Pick<SenderDnsCapabilities, 'lookUpTxt' | 'examineDomain'>,
  entrance: Pick<NativeParts, 'controlToken' | 'authenticate' | 'clientAddress'>,
): NativeParts {
  const { database, clock, ids, recorder, links } = capabilities
  const baseUrl = (list: Pick<List, 'classId'>) => links.baseUrl(list)
  const record = changeRecord(capabilities)
  /** What stands in the place of who was erased is found by their address. */
  const keyInSite = async ({ siteId }: Service, address: string) => {
    const key = keyOf(address)
    return (await capabilities.erased.find([key], [siteId])).get(key) ?? key
  }
  const makeFile = createMakeFile({ ...capabilities, record })
  return {
    ...entrance,
    now: clock,
    baseUrl,
    provision: (file) => provision(provisionParts(capabilities, 'operator'), file),
    findService: (id) => findService(database, id),
    audit: createAuditParts(capabilities),
    services: createServiceParts({ ...capabilities, record }),
    serviceRelays: createServiceRelayParts({ ...capabilities, record }),
    senders: {
      find: async (service, page) =>
        pageOf(await findSenders(database, service.id), page, (sender) => sender.addressKey),
      register: async (service, request, actor) => {
        const sender = await registerSender(database, ids.list, service, { ...request, now: clock() })
        await record(actor, service, 'sender.register', sender.address, { oneClick: sender.oneClick })
        return sender
      },
    },
    senderDns: createSenderDnsParts(capabilities),
    filters: {
      find: async (service, page) => {
        const filters = await findFilters(database, service.id)
        const found = pageOf(filters, page, ({ position, listId }) => sortable(position, listId))
        return { ...found, order: revisionOfOrder(filters) }
      },
      create: async (service, request, actor) => {
        const filter = await createFilter(database, ids.list, service, { ...request, now: clock() })
        await record(actor, service, 'filter.create', filter.name, { ...request })
        return filter
      },
      update: async (service, classId, { revision, order, ...change }, actor) => {
        const { name } = await findFilter(database, service.id, classId)
        const filter = await updateFilter(database, service.id, classId, change, { revision, order })
        await record(actor, service, 'filter.update', name, { ...change })
        return filter
      },
      remove: async (service, classId, seen, actor) => {
        const { name } = await deleteFilter(database, service.id, classId, clock(), seen)
        await record(actor, service, 'filter.delete', name, {})
      },
      try: (service, mail) => tryFilters(database, service, mail),
    },
    mintHeaders: (service, request) => createMintHeaders({ database, links, clock })({ service, ...request }),
    checkRecipients: capabilities.checkRecipients,
    deliveries: {
      accept: capabilities.acceptDelivery,
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
        const answer = await capabilities.resend({ service, deliveryId: id, listIds, recipients })
        await record(actor, service, 'delivery.resend', String(id), { list, queued: answer.queued })
        return answer
      },
      change: async (service, id, state, actor) => {
        const delivery = await changeDelivery(database, service, id, state, clock())
        await record(actor, service, `delivery.${state}`, String(id), {})
        return delivery
      },
    },
    imports: createImportParts({ ...capabilities, record, reasonOf: (kind) => REASON[kind] }),
    reports: createReportParts({ database, clock, makeFile }),
    suppressions: {
      stop: async (service, { list, addresses }, actor) => {
        const { id, kind } = await resolveList(database, service.id, list)
        const reason = REASON[kind]
        const source = sourceOf(actor)
        const answer = await changeMany(recorder, {
          kind: 'stop',
          listId: id,
          addresses,
          reason,
          requestedAt: clock(),
          source,
        })
        await record(actor, service, 'suppression.stop', list, { changed: answer.changed })
        return answer
      },
      resume: async (service, { list, addresses }, actor) => {
        const { id } = await resolveList(database, service.id, list)
        const source = sourceOf(actor)
        const answer = await changeMany(recorder, {
          kind: 'resume',
          listId: id,
          addresses,
          requestedAt: clock(),
          source,
        })
        await record(actor, service, 'suppression.resume', list, { changed: answer.changed })
        return answer
      },
      search: async (service, { list, address, ...search }) => {
        const lists =
          list === undefined
            ? await findLists(database, service.id)
            : await resolveLists(database, service.id, list)
        const nameOf = await listNames(database, service)
        const key = address === undefined ? undefined : await keyInSite(service, address)
        const { items, ...rest } = await searchSuppressions(database, {
          ...search,
          lists,
          addressKey: key,
          now: clock(),
        })
        return { items: items.map((item) => named(item, nameOf)), ...rest }
      },
      timeline: async (service, address) => {
        const lists = await findLists(database, service.id)
        const nameOf = await listNames(database, service)
        const key = await keyInSite(service, address)
        const { events, standings } = await readTimeline(database, lists, key)
        // A deleted filter's list applies to no mail any more, nor a sender's where the customer excludes by himself.
        const applies = ({ kind, archived }: List) =>
          !archived && (kind !== 'sender' || service.settings.automaticExclusion)
        const applying = new Set(lists.filter(applies).map(({ id }) => id))
        const excluding = standings.filter(
          (standing) => applying.has(standing.listId) && excludes(standing, clock()),
        )
        return {
          // Who was erased and came again agreed under their address.
          agreements: await findAgreements(database, service.id, [key, keyOf(address)]),
          events: events.map((event) => named(event, nameOf)),
          excludedBy: excluding.map((standing) => ({
            ...named(standing, nameOf),
            expiresAt: endOf(standing),
          })),
        }
      },
    },
    errorCounts: createErrorCountParts({ ...capabilities, record }),
    inbound: createInboundParts({
      ...capabilities,
      record: async (actor, serviceId, ...what) => {
        if (serviceId !== null) return record(actor, await findService(database, serviceId), ...what)
        const [action, subject, detail] = what
        await recordAudit(database, ids.audit, { at: clock(), actor, action, siteId: null, subject, detail })
      },
    }),
    exports: createExportParts({ database, clock, makeFile }),
    people: createPeopleParts(capabilities),
    apiUsers: createApiUserParts(capabilities),
    erase: async (service, address, actor) => {
      const receipt = await capabilities.erasePerson(service.siteId, addressOf(address))
      const { id, ...detail } = receipt
      await record(actor, service, 'person.erase', id, detail)
      return receipt
    },
    overview: createOverviewParts(capabilities),
    unverified: createUnverifiedParts(capabilities),
    subscribers: createSubscriberParts({ ...capabilities, record, viaOf: sourceOf }),
    forms: createFormParts({ ...capabilities, record }),
  }
}

/** What provisioning needs, with a record of who did it. */
export function provisionParts(capabilities: NativeCapabilities, actor: string): ProvisionParts {
  const { database, keyring, clock, ids, links, relays, exportPasswords, inbound } = capabilities
  return {
    database,
    keyring,
    clock,
    listIds: ids.list,
    apiUserIds: ids['api-user'],
    baseUrl: (list) => links.baseUrl(list),
    inboundAddresses: (service) => addressesOf(inbound.addresses, service),
    relays,
    exportPasswords,
    forms: createProvisionForms(capabilities),
    record: (entry) => recordAudit(database, ids.audit, { ...entry, actor, at: clock() }),
  }
}

/** Why someone is on a list whom an operator puts there: not by a request of theirs, which the one-click export lists. */
const REASON: Record<List['kind'], Reason> = {
  sender: 'listed',
  filter: 'listed',
  'hard-bounces': 'listed',
  complaints: 'complaint',
  blocklist: 'blocked',
}

function sourceOf(actor: string): 'cli' | 'api' | 'console' {
  if (actor.startsWith('person:')) return 'console'
  return actor === 'operator' ? 'cli' : 'api'
}
