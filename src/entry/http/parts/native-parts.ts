import type { ConsoleAuth } from '../../../access/people/console-auth.ts'
import { provision } from '../../../access/provision/provision.ts'
import type { ProvisionParts } from '../../../access/provision/provision-parts.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { AcceptDelivery } from '../../../delivery/accept/accept.ts'
import { createMintHeaders } from '../../../delivery/content/mint-headers.ts'
import type { CheckRecipients } from '../../../delivery/decide/check-recipients.ts'
import type { DkimStore } from '../../../delivery/dkim/dkim-store.ts'
import type { Resend } from '../../../delivery/outbox/resend.ts'
import type { ServiceRelays } from '../../../delivery/relay/service-relays.ts'
import type { NativeParts } from '../../../dialects/native/parts.ts'
import type { ExportPasswords } from '../../../exports/export-passwords.ts'
import type { ReceiveImport } from '../../../imports/storing/receive.ts'
import { addressesOf } from '../../../inbound/addresses.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import type { Erasures } from '../../../subscribers/erase/erasures.ts'
import { createProvisionForms } from '../../../subscribers/forms/provision-forms.ts'
import type { ImportSubscribers } from '../../../subscribers/import/import-subscribers.ts'
import type { Recorder } from '../../../suppression/changing/recorder.ts'
import type { ErasedPeople } from '../../../suppression/erased/erased.ts'
import type { List } from '../../../tenants/list.ts'
import type { PageDirectory } from '../../../tenants/page-directory.ts'
import { findSenders, registerSender } from '../../../tenants/sender.ts'
import { findService } from '../../../tenants/service.ts'
import type { Links } from '../../../tokens/link.ts'
import type { AcceptParts } from '../../../unsubscribe/accept-request.ts'
import { createApiUserParts } from './api-user-parts.ts'
import { createAuditParts } from './audit-parts.ts'
import { changeRecord } from './change-record.ts'
import { createDeliveryParts } from './delivery-parts.ts'
import { createErrorCountParts } from './error-count-parts.ts'
import { createExportParts } from './export-parts.ts'
import { createFilterParts } from './filter-parts.ts'
import { createFormParts } from './form-parts.ts'
import { createImportParts } from './import-parts.ts'
import { createInboundParts, type InboundCapabilities } from './inbound-parts.ts'
import { createMakeFile } from './make-file.ts'
import { addressOf } from './native-names.ts'
import { pageOf } from './native-pages.ts'
import { createOverviewParts } from './overview-parts.ts'
import { createPeopleParts } from './people-parts.ts'
import { createReportParts } from './report-parts.ts'
import { createSenderDnsParts, type SenderDnsCapabilities } from './sender-dns-parts.ts'
import { createServiceParts } from './service-parts.ts'
import { createServiceRelayParts } from './service-relay-parts.ts'
import { createSubscriberParts } from './subscriber-parts.ts'
import { createSuppressionParts } from './suppression-parts.ts'
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
  erasures: Erasures
  inbound: InboundCapabilities['inbound']
  /** Told that there is something to import. */
  importJob: { wake(): void }
  consoleAuth: ConsoleAuth
  consoleUrl: string
  publicUrl: string
}

/** For how long a call waits for what it began: proxies give up after 30 or 60 seconds. */
const ANSWERED_WITHIN_MS = 20_000

/** The native interface's functions, each made of the capabilities of the rooms below. */
export function createNativeParts(
  capabilities: NativeCapabilities & Pick<SenderDnsCapabilities, 'lookUpTxt' | 'examineDomain'>,
  entrance: Pick<NativeParts, 'controlToken' | 'authenticate' | 'clientAddress'>,
): NativeParts {
  const { database, clock, ids, links } = capabilities
  const baseUrl = (list: Pick<List, 'classId'>) => links.baseUrl(list)
  const record = changeRecord(capabilities)
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
    filters: createFilterParts({ ...capabilities, record }),
    mintHeaders: (service, request) => createMintHeaders({ database, links, clock })({ service, ...request }),
    checkRecipients: capabilities.checkRecipients,
    deliveries: createDeliveryParts({ ...capabilities, record }),
    imports: createImportParts({ ...capabilities, record }),
    reports: createReportParts({ database, clock, makeFile }),
    suppressions: createSuppressionParts({ ...capabilities, record }),
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
    erase: async ({ siteId }, address, actor) => {
      const id = await capabilities.erasures.begin(siteId, addressOf(address), actor)
      return capabilities.erasures.settled(siteId, id, ANSWERED_WITHIN_MS)
    },
    findErasure: (siteId, id) => capabilities.erasures.find(siteId, id),
    overview: createOverviewParts(capabilities),
    unverified: createUnverifiedParts(capabilities),
    subscribers: createSubscriberParts({ ...capabilities, record }),
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
