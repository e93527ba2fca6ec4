import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { ListKind, Tables } from '../storage/tables.ts'
import type { CancelMode } from './cancel-mode.ts'

/** How long a request excludes, per kind of list, in days; null is for ever. */
export interface LifetimeDays {
  sender: number | null
  filter: number | null
  hardBounces: number | null
  complaints: number | null
  blocklist: number | null
}

/** arara's 90 days; KARTE and Customers Mail Cloud exclude until resumed. */
const DEFAULT_LIFETIME_DAYS: LifetimeDays = {
  sender: 90,
  filter: null,
  hardBounces: null,
  complaints: null,
  blocklist: null,
}

const DEFAULT_TIME_ZONE = 'Asia/Tokyo'

interface ServiceSettings {
  /** Shows the service's other lists on the unsubscribe page; a forwarded mail would show them to others. */
  otherListsOnPage: boolean
  /** How long events are kept, in days; null is for ever. */
  evidenceDays: number | null
  /** Refuses a mail by SMTP all of whose recipients are excluded, instead of taking and recording it. */
  refuseWhenAllExcluded: boolean
  /** Off where the customer takes the one-click lists over by himself: then senders' lists hold no mail back. */
  automaticExclusion: boolean
  /** How the XML interface of arara writes when a request came: `2021/05/01 16:34`, or as an RFC says. */
  araraV1Times: 'minutes' | 'rfc3339' | 'rfc2822'
  /** How much is handed to the relay at most; null is as much as it takes. A day is one of the service's time zone. */
  mailsPerSecond: number | null
  mailsPerDay: number | null
  /** At once, to a relay of the service's own. */
  connections: number
  /** Mails per second by domain of the recipient, as A-labels; `*` is every other domain. */
  domainRates: Record<string, number>
  /** How long contents and kept mail stay after they came and everything in them is done. */
  mailDays: number
  /** How long messages stay; null is for ever. */
  messageDays: number | null
  /** So many bounces for a passing reason put an address on `hard-bounces`. */
  softBounceThreshold: number
  /** Days without a further one after which its count begins anew. */
  softBounceDays: number
  /** When a cancellation of stops takes effect that came by the interface of Customers Mail Cloud. */
  cancelMode: CancelMode
  /** Of ZIP files, where the service has a password for them and nothing else is asked for. */
  exportEncryption: 'zipcrypto' | 'aes-256'
  /** Days for which mail that came in stays, with what was concluded from it. */
  inboundDays: number
  /** Days for which opaque parts stay; null is for ever. */
  opaqueDays: number | null
  /**
   * Who joins by a mail to the service's address (空メール): who proves whose mail it is or else confirms it by a link, everyone,
   * only who confirms, or nobody.
   */
  blankMail: 'verified' | 'always' | 'confirm' | 'off'
  /** Whom mails that ask to confirm a joining are from: one of the service's addresses, its first sender unless given; and by what name. */
  confirmationFrom: string | null
  confirmationName: string | null
  /** So many of them are sent at most, since anybody can have them sent to anybody; null is any number. A day is the last 24 hours. */
  confirmationsPerHour: number | null
  confirmationsPerDay: number | null
  /** The SenderId of the Feedback-ID that mail without one gets; null: it gets none. */
  feedbackId: string | null
}

const DEFAULT_SETTINGS: ServiceSettings = {
  otherListsOnPage: false,
  evidenceDays: null,
  refuseWhenAllExcluded: false,
  automaticExclusion: true,
  araraV1Times: 'minutes',
  mailsPerSecond: null,
  mailsPerDay: null,
  connections: 20,
  domainRates: {},
  mailDays: 14,
  messageDays: 90,
  softBounceThreshold: 5,
  softBounceDays: 30,
  cancelMode: 'immediate',
  exportEncryption: 'zipcrypto',
  inboundDays: 30,
  opaqueDays: 1_095,
  blankMail: 'verified',
  confirmationFrom: null,
  confirmationName: null,
  confirmationsPerHour: 100,
  confirmationsPerDay: 1_000,
  feedbackId: 'kaijo',
}

/** The unit that sends and owns lists, inside a site. */
export interface Service {
  id: number
  siteId: number
  name: string
  timeZone: string
  /** Domains that may stand in From without being registered as a sender, as A-labels. */
  allowedDomains: string[]
  lifetimeDays: LifetimeDays
  settings: ServiceSettings
}

export interface ServiceChange {
  timeZone?: string | undefined
  allowedDomains?: string[] | undefined
  lifetimeDays?: Partial<LifetimeDays> | undefined
  settings?: Partial<ServiceSettings> | undefined
}

const LIFETIME_OF: Record<ListKind, keyof LifetimeDays> = {
  sender: 'sender',
  filter: 'filter',
  'hard-bounces': 'hardBounces',
  complaints: 'complaints',
  blocklist: 'blocklist',
}

/** The lifetime of a list of this kind, in milliseconds; null is for ever. */
export function lifetimeMs(service: Pick<Service, 'lifetimeDays'>, kind: ListKind): number | null {
  const days = service.lifetimeDays[LIFETIME_OF[kind]]
  return days === null ? null : days * DAY_MS
}

export async function findServices(database: Database, siteId?: number): Promise<Service[]> {
  let rows = database.query.selectFrom('service').selectAll().orderBy('id')
  if (siteId !== undefined) rows = rows.where('site_id', '=', siteId)
  return (await database.read(rows)).map(toService)
}

/** Throws DomainError `unknown-service`. */
export async function findService(database: Database, id: number): Promise<Service> {
  return toService(await findRow(database, id))
}

async function findRow(database: Database, id: number): Promise<Tables['service']> {
  const [row] = await database.read(database.query.selectFrom('service').selectAll().where('id', '=', id))
  if (!row) throw new DomainError('unknown-service', `there is no service ${id}`, { field: 'service' })
  return row
}

/**
 * Creates a service with its three own lists. Throws DomainError `name-taken`: names are unique across sites, because
 * Customers Mail Cloud's `server_composition` is one.
 */
export async function createService(
  database: Database,
  listIds: IdSource,
  given: ServiceChange & { id?: number | undefined; siteId: number; name: string; now: number },
): Promise<Service> {
  const { query } = database
  const { siteId, name, now } = given
  const fresh = changed(
    {
      id: given.id ?? 0,
      siteId,
      name,
      timeZone: DEFAULT_TIME_ZONE,
      allowedDomains: [],
      lifetimeDays: DEFAULT_LIFETIME_DAYS,
      settings: DEFAULT_SETTINGS,
    },
    given,
  )
  const id = given.id ?? sql<number>`(select coalesce(max(id), 0) + 1 from service)`
  const own = sql<number>`(select id from service where name = ${name})`
  const kinds = ['hard-bounces', 'complaints', 'blocklist'] as const
  const ids = await listIds.take(kinds.length)
  try {
    const [rows] = await database.transact([
      query
        .insertInto('service')
        .values({ ...toRow(fresh), id, site_id: siteId, name, created_at: now })
        .returningAll(),
      query.insertInto('list').values(
        kinds.map((kind, index) => ({
          id: ids[index] as number,
          service_id: own,
          kind,
          label: kind,
          class_id: null,
          lifetime_ms: lifetimeMs(fresh, kind),
          takes_opaque: 0 as const,
          archived_at: null,
          created_at: now,
        })),
      ),
    ])
    return toService(rows[0] as Tables['service'])
  } catch (error) {
    if (error instanceof UniqueViolation) {
      throw new DomainError('name-taken', `the service ${name} or its id is taken`, { field: 'name' })
    }
    throw error
  }
}

/**
 * Changes what is given, upon whatever others change meanwhile; `domainRates` as a whole. Lifetimes act at once, on rows that are already on the
 * lists too. Throws DomainError `unknown-service`.
 */
export async function updateService(database: Database, id: number, change: ServiceChange): Promise<Service> {
  const { query } = database
  const kinds = Object.keys(LIFETIME_OF) as ListKind[]
  for (;;) {
    const before = await findRow(database, id)
    const service = changed(toService(before), change)
    if (isDeepStrictEqual(service, toService(before))) return service
    const after = toRow(service)
    const [rows] = await database.transact([
      query
        .updateTable('service')
        .set(after)
        .where((eb) => eb.and({ id, ...pick(before) }))
        .returning('id'),
      ...kinds.map((kind) =>
        query
          .updateTable('list')
          .set({ lifetime_ms: lifetimeMs(service, kind) })
          .where('service_id', '=', id)
          .where('kind', '=', kind)
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('service')
                .select('id')
                .where((eb) => eb.and({ id, ...after })),
            ),
          ),
      ),
    ])
    if (rows.length > 0) return service
  }
}

function changed(service: Service, change: ServiceChange): Service {
  return {
    ...service,
    timeZone: change.timeZone ?? service.timeZone,
    allowedDomains: change.allowedDomains ?? service.allowedDomains,
    lifetimeDays: { ...service.lifetimeDays, ...change.lifetimeDays },
    settings: { ...service.settings, ...change.settings },
  }
}

function pick(row: Tables['service']): ReturnType<typeof toRow> {
  const { time_zone, allowed_domains_json, lifetime_days_json, settings_json } = row
  return { time_zone, allowed_domains_json, lifetime_days_json, settings_json }
}

function toRow(service: Service) {
  return {
    time_zone: service.timeZone,
    allowed_domains_json: JSON.stringify(service.allowedDomains),
    lifetime_days_json: JSON.stringify(service.lifetimeDays),
    settings_json: JSON.stringify(service.settings),
  }
}

function toService(row: Tables['service']): Service {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    timeZone: row.time_zone,
    allowedDomains: JSON.parse(row.allowed_domains_json),
    lifetimeDays: { ...DEFAULT_LIFETIME_DAYS, ...JSON.parse(row.lifetime_days_json) },
    settings: { ...DEFAULT_SETTINGS, ...JSON.parse(row.settings_json) },
  }
}
