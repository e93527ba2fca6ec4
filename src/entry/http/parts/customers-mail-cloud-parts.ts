import type { Authenticate } from '../../../access/authenticate.ts'
import type { AuditEntry } from '../../../audit/audit.ts'
import { readAudit } from '../../../audit/find-audit.ts'
import type { Config } from '../../../config/to-config.ts'
import { whyFailed } from '../../../delivery/outbox/why-failed.ts'
import { returnPathOf } from '../../../delivery/relay/return-path.ts'
import type {
  Bounce,
  Cancellable,
  CustomersMailCloudParts,
} from '../../../dialects/customers-mail-cloud-v2/parts.ts'
import type { ExportPasswords } from '../../../exports/export-passwords.ts'
import { dayOf } from '../../../kernel/calendar.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import { readDayTotals } from '../../../messages/reading/read-counts.ts'
import { type OutcomeSearch, readOutcomes } from '../../../messages/reading/read-outcomes.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import type { ListKind } from '../../../storage/tables.ts'
import type { CancelStops } from '../../../suppression/changing/cancel-stops.ts'
import { countStops } from '../../../suppression/reading/count-stops.ts'
import { type ListFilter, readLists } from '../../../suppression/reading/read-list.ts'
import { findLists, type List } from '../../../tenants/list.ts'
import { findServices, type Service } from '../../../tenants/service.ts'
import { changeRecord } from './change-record.ts'
import { createMakeFile } from './make-file.ts'

interface Capabilities {
  config: Pick<Config, 'inboundDomain'>
  keyring: Keyring
  database: Database
  clock: Clock
  ids: Record<'audit', IdSource>
  cancelStops: CancelStops
  exportPasswords: Pick<ExportPasswords, 'find'>
}

const UNSUBSCRIBES: readonly ListKind[] = ['sender', 'filter']
const BLOCKS: readonly ListKind[] = ['hard-bounces', 'blocklist']
/** Actions of the record about signing in. */
const SIGN_IN = /^(?:api-user|person)\.(?:sign-in|refused)$/

/** The functions of the interface of Customers Mail Cloud, made of the capabilities of the rooms below. */
export function createCustomersMailCloudParts(
  capabilities: Capabilities,
  entrance: { authenticate: Authenticate; clientAddress: CustomersMailCloudParts['clientAddress'] },
): CustomersMailCloudParts {
  const { config, keyring, database, clock, cancelStops } = capabilities
  const envelopeSender = returnPathOf({ inboundDomain: config.inboundDomain, keyring })
  const record = changeRecord(capabilities)
  const makeFile = createMakeFile({ ...capabilities, record })
  const listsOf = async ({ id }: Service, kinds: readonly ListKind[], filterName?: string) => {
    const lists = (await findLists(database, id)).filter(({ kind }) => kinds.includes(kind))
    return filterName === undefined ? lists : lists.filter(({ label }) => label === filterName)
  }

  const cancellable = (
    title: 'unsubscribes' | 'blocks',
    kinds: readonly ListKind[],
    when: 'now' | 'as-the-service-says',
  ) => {
    const named = kinds === UNSUBSCRIBES
    const parts: Cancellable = {
      missing: async (service, { addresses, filterName }) => {
        const lists = await listsOf(service, kinds, named ? filterName : undefined)
        return cancelStops.missing({ lists, addresses })
      },
      cancel: async (service, { addresses, filterName }, actor) => {
        const lists = await listsOf(service, kinds, named ? filterName : undefined)
        await cancelStops.cancel({ service, lists, addresses, source: 'api', when })
        await record(actor, service, `${title}.cancel`, service.name, { filterName, count: addresses.length })
      },
    }
    return parts
  }

  return {
    ...entrance,
    findServices: (siteId) => findServices(database, siteId),
    today: (timeZone) => dayOf(clock(), timeZone),
    unsubscribes: {
      ...cancellable('unsubscribes', UNSUBSCRIBES, 'as-the-service-says'),
      read: async (service, { filterName, contains, ...begun }) => {
        const lists = await listsOf(service, UNSUBSCRIBES, filterName)
        const labels = labelsOf(lists)
        const rows = readLists(database, lists, { state: 'active', contains, begun }, clock)
        return mapped(rows, ({ listId, address, since }) => ({
          filterName: labels.get(listId) ?? '',
          address,
          since,
        }))
      },
    },
    blocks: {
      ...cancellable('blocks', BLOCKS, 'now'),
      read: async (service, { removed, contains, ...begun }) => {
        const filter: ListFilter = { state: removed ? 'resumed' : 'active', contains, begun }
        return withCounts(readLists(database, await listsOf(service, BLOCKS), filter, clock))
      },
    },
    bounces: {
      read: async (service, { causes, ...filter }) => {
        const unsubscribes = (await listsOf(service, UNSUBSCRIBES)).map(({ id }) => id)
        const ofCause: Pick<OutcomeSearch, 'excludedBy'> = {
          all: {},
          lists: { excludedBy: unsubscribes },
          replies: { excludedBy: 'nobody' as const },
        }[causes]
        const rows = readOutcomes(database, { ...filter, ...ofCause, serviceId: service.id, by: 'bounce' })
        const asked = new Set<number | null>(unsubscribes)
        return mapped(rows, (row): Bounce => {
          if (row.state !== 'excluded') {
            const mail = { returnPath: row.returnPath, from: { address: row.from } }
            const senders = [row.from, envelopeSender(row, mail)]
            return { ...row, cause: whyFailed(row.reply, { recipient: row.to, senders }) }
          }
          return { ...row, cause: asked.has(row.listId) ? 'unsubscribed' : 'blocked' }
        })
      },
    },
    deliveries: {
      read: async (service, filter) =>
        readOutcomes(database, { ...filter, serviceId: service.id, by: 'acceptance' }),
    },
    dayTotals: (service, days) => readDayTotals(database, service.id, days),
    record: {
      read: (siteId, { of, from, to }) => {
        const isSignIn = ({ action }: AuditEntry) => SIGN_IN.test(action)
        const wanted = of === 'sign-ins' ? isSignIn : (entry: AuditEntry) => !isSignIn(entry)
        return filtered(readAudit(database, { siteId, from, to }), wanted)
      },
    },
    makeFile: (service, file, lines) =>
      makeFile(service, { ...file, format: 'csv', bom: false, compress: 'zip' }, lines),
  }

  async function* withCounts(pages: ReturnType<typeof readLists>) {
    for await (const page of pages) {
      const counts = await countStops(database, page)
      yield page.map((row, index) => ({ ...row, occurred: counts[index] ?? 0 }))
    }
  }
}

function labelsOf(lists: readonly List[]): Map<number, string> {
  return new Map(lists.map(({ id, label }) => [id, label]))
}

async function* mapped<T, U>(pages: AsyncIterable<readonly T[]>, of: (row: T) => U): AsyncGenerator<U[]> {
  for await (const page of pages) yield page.map(of)
}

async function* filtered<T>(pages: AsyncIterable<readonly T[]>, wanted: (row: T) => boolean) {
  for await (const page of pages) yield page.filter(wanted)
}
