import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import { DomainError } from '../kernel/domain-error.ts'
import { requireRevision, revisionOf } from '../kernel/revision.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import { refusingTakenName } from '../storage/refusing-taken-name.ts'
import type { ListKind, Tables } from '../storage/tables.ts'
import { DEFAULT_PAGE, type ServicePage } from './service-page.ts'
import {
  DEFAULT_LIFETIME_DAYS,
  DEFAULT_SETTINGS,
  type LifetimeDays,
  type ServiceSettings,
} from './service-settings.ts'

const DEFAULT_TIME_ZONE = 'Asia/Tokyo'

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
  page: ServicePage
}

export interface ServiceChange {
  timeZone?: string | undefined
  allowedDomains?: string[] | undefined
  lifetimeDays?: Partial<LifetimeDays> | undefined
  settings?: Partial<ServiceSettings> | undefined
  page?: Partial<ServicePage> | undefined
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

/** The services of one site, or of all, in the order of their ids. */
export async function findServices(database: Database, siteId?: number): Promise<Service[]> {
  let rows = database.query.selectFrom('service').selectAll().orderBy('id')
  if (siteId !== undefined) rows = rows.where('site_id', '=', siteId)
  return (await database.read(rows)).map(toService)
}

/** Throws DomainError `unknown-service`. */
export async function findService(database: Database, id: number): Promise<Service> {
  return toService(await findRow(database, id))
}

/** The same, but undefined when there is no such service. */
export async function findServiceIfAny(database: Database, id: number): Promise<Service | undefined> {
  const row = await findRowIfAny(database, id)
  return row && toService(row)
}

async function findRowIfAny({ query, read }: Database, id: number): Promise<Tables['service'] | undefined> {
  return (await read(query.selectFrom('service').selectAll().where('id', '=', id)))[0]
}

async function findRow(database: Database, id: number): Promise<Tables['service']> {
  const row = await findRowIfAny(database, id)
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
      page: DEFAULT_PAGE,
    },
    given,
  )
  const id = given.id ?? sql<number>`(select coalesce(max(id), 0) + 1 from service)`
  const own = sql<number>`(select id from service where name = ${name})`
  const kinds = ['hard-bounces', 'complaints', 'blocklist'] as const
  const ids = await listIds.take(kinds.length)
  const [rows] = await refusingTakenName(`the service ${name} or its id is taken`, () =>
    database.transact([
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
    ]),
  )
  return toService(rows[0] as Tables['service'])
}

/** Stands for a service's settings; a change of them may be held to it. */
export function revisionOfService(service: Service): string {
  const { timeZone, allowedDomains, lifetimeDays, settings, page } = service
  return revisionOf({ timeZone, allowedDomains, lifetimeDays, settings, page })
}

/**
 * Changes what is given and leaves the rest as it is, also beside changes made by others at the same time;
 * `domainRates` and the page's `texts` are replaced as a whole. Lifetimes take effect at once, also for rows already on
 * the lists. `seen` is the revision that the caller's change was based on. Answers the service before and after. Throws
 * DomainError `unknown-service` or `changed-meanwhile`.
 */
export async function updateService(
  database: Database,
  id: number,
  change: ServiceChange,
  seen?: string,
): Promise<{ before: Service; after: Service }> {
  const { query } = database
  const kinds = Object.keys(LIFETIME_OF) as ListKind[]
  for (;;) {
    const row = await findRow(database, id)
    const before = toService(row)
    requireRevision(seen, revisionOfService(before))
    const service = changed(before, change)
    if (isDeepStrictEqual(service, before)) return { before, after: service }
    const after = toRow(service)
    const [rows] = await database.transact([
      query
        .updateTable('service')
        .set(after)
        .where((eb) => eb.and({ id, ...pick(row) }))
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
    if (rows.length > 0) return { before, after: service }
  }
}

function changed(service: Service, change: ServiceChange): Service {
  return {
    ...service,
    timeZone: change.timeZone ?? service.timeZone,
    allowedDomains: change.allowedDomains ?? service.allowedDomains,
    lifetimeDays: { ...service.lifetimeDays, ...change.lifetimeDays },
    settings: { ...service.settings, ...change.settings },
    page: { ...service.page, ...change.page },
  }
}

function pick(row: Tables['service']): ReturnType<typeof toRow> {
  const { time_zone, allowed_domains_json, lifetime_days_json, settings_json, page_json } = row
  return { time_zone, allowed_domains_json, lifetime_days_json, settings_json, page_json }
}

function toRow(service: Service) {
  return {
    time_zone: service.timeZone,
    allowed_domains_json: JSON.stringify(service.allowedDomains),
    lifetime_days_json: JSON.stringify(service.lifetimeDays),
    settings_json: JSON.stringify(service.settings),
    page_json: JSON.stringify(service.page),
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
    page: { ...DEFAULT_PAGE, ...JSON.parse(row.page_json) },
  }
}
