import { isDeepStrictEqual } from 'node:util'
import type { NewAuditEntry } from '../audit/audit.ts'
import { addressKey } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import { MASK, maskUrl } from '../kernel/mask-url.ts'
import { refuseIfAny } from '../kernel/mistakes.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import { createFilter, type Filter, findFilters, updateFilter } from '../tenants/filter.ts'
import { replacedValues } from '../tenants/replaced-values.ts'
import { findSender, registerSender, type Sender } from '../tenants/sender.ts'
import { createService, findServices, type Service, updateService } from '../tenants/service.ts'
import { createSite, findSites, type Site } from '../tenants/site.ts'
import { putApiUser, type Role } from './api-user.ts'
import { findConflicts, findMeant } from './provision-conflicts.ts'
import { readProvisionFile, type WantedService, type WantedSite } from './provision-file.ts'
import type { ProvisionForms } from './provision-forms.ts'
import { renameService, renameSite } from './rename.ts'

export interface ProvisionParts {
  database: Database
  keyring: Keyring
  clock: Clock
  listIds: IdSource
  apiUserIds: IdSource
  baseUrl(list: { classId: string }): string
  /** Where mail for a service comes in; null for what it does not take. */
  inboundAddresses(service: Service): InboundOf
  relays: ServiceSecret & {
    /** As it may be shown; null where the service has none. */
    shown(serviceId: number): Promise<string | null>
  }
  /** Of ZIP files. */
  exportPasswords: ServiceSecret & { isSet(serviceId: number): Promise<boolean> }
  forms: ProvisionForms
  record(entry: Omit<NewAuditEntry, 'at' | 'actor'>): Promise<void>
}

/** Something of a service's own that is kept sealed. */
interface ServiceSecret {
  /** Null takes it away. Answers whether that changed anything. */
  set(serviceId: number, value: string | null): Promise<boolean>
}

/** A service's addresses for mail that comes in; null where there is no inbound domain, or the service takes none of the kind. */
interface InboundOf {
  /** Whoever writes to it joins (空メール). */
  signUp: string | null
  /** To be given to feedback loops. */
  complaints: string | null
  /** The mailto address beside the links. */
  unsubscribe: string | null
}

/** What the file names, as it is now, with the ids that others need. */
export interface Provisioned {
  sites: {
    id: number
    name: string
    apiUsers: { name: string; role: Role }[]
    services: {
      id: number
      name: string
      senders: { address: string; oneClick: boolean; classId: string; baseUrl: string }[]
      filters: { name: string; classId: string; baseUrl: string }[]
      forms: { name: string; id: string; url: string }[]
      inbound: InboundOf
    }[]
  }[]
}

/**
 * Makes sites, services, senders, filters, registration forms and API users what a YAML or JSON file says. What it does not name is left
 * alone; a repeat changes nothing. Throws DomainErrors, all at once as `Mistakes`; then nothing was changed.
 */
export async function provision(parts: ProvisionParts, given: unknown): Promise<Provisioned> {
  const file = readProvisionFile(given)
  refuseIfAny(await findConflicts(parts.database, parts.forms, file))
  const sites: Provisioned['sites'] = []
  for (const wanted of file.sites) sites.push(await provisionSite(parts, wanted))
  return { sites }
}

async function provisionSite(
  parts: ProvisionParts,
  wanted: WantedSite,
): Promise<Provisioned['sites'][number]> {
  const site = await settleSite(parts, wanted)
  const services: Provisioned['sites'][number]['services'] = []
  for (const wantedService of wanted.services) {
    const service = await settleService(parts, site, wantedService)
    await settleRelay(parts, service, wantedService.relay)
    await settleExportPassword(parts, service, wantedService.exportPassword)
    services.push({
      id: service.id,
      name: service.name,
      senders: await provisionSenders(parts, service, wantedService.senders),
      filters: await provisionFilters(parts, service, wantedService.filters),
      forms: await provisionForms(parts, service, wantedService.forms),
      inbound: parts.inboundAddresses(service),
    })
  }
  const apiUsers = await provisionApiUsers(parts, site, wanted.apiUsers)
  return { id: site.id, name: site.name, apiUsers, services }
}

async function settleSite({ database, clock, record }: ProvisionParts, wanted: WantedSite): Promise<Site> {
  const { id, name } = wanted
  const site = findMeant(wanted, await findSites(database))
  if (!site) {
    const created = await createSite(database, { id, name, now: clock() })
    await record({ action: 'site.create', siteId: created.id, subject: name, detail: {} })
    return created
  }
  if (site.name === name) return site
  await renameSite(database, site, name)
  await record({ action: 'site.rename', siteId: site.id, subject: name, detail: { from: site.name } })
  return { ...site, name }
}

async function settleService(parts: ProvisionParts, site: Site, wanted: WantedService): Promise<Service> {
  const { database, listIds, clock, record } = parts
  const {
    id,
    name,
    senders: _,
    filters: __,
    forms: ___,
    relay: ____,
    exportPassword: _____,
    ...settings
  } = wanted
  const existing = findMeant(wanted, await findServices(database, site.id))
  if (!existing) {
    const created = await createService(database, listIds, {
      ...settings,
      id,
      siteId: site.id,
      name,
      now: clock(),
    })
    await record({ action: 'service.create', siteId: site.id, subject: name, detail: settings })
    return created
  }
  if (existing.name !== name) {
    await renameService(database, existing, name)
    await record({
      action: 'service.rename',
      siteId: site.id,
      subject: name,
      detail: { from: existing.name },
    })
  }
  const { before, after } = await updateService(database, existing.id, settings)
  if (!isDeepStrictEqual(after, before)) {
    const detail = { ...settings, before: replacedValues(before, after) }
    await record({ action: 'service.update', siteId: site.id, subject: name, detail })
  }
  return after
}

async function settleRelay(
  { relays, record }: ProvisionParts,
  { id, siteId, name }: Service,
  url: string | null | undefined,
): Promise<void> {
  if (url === undefined) return
  const before = await relays.shown(id)
  if (!(await relays.set(id, url))) return
  const detail = { relay: url && maskUrl(url), before: { relay: before } }
  await record({ action: 'service.relay', siteId, subject: name, detail })
}

async function settleExportPassword(
  { exportPasswords, record }: ProvisionParts,
  { id, siteId, name }: Service,
  password: string | null | undefined,
): Promise<void> {
  if (password === undefined) return
  const wasSet = await exportPasswords.isSet(id)
  if (!(await exportPasswords.set(id, password))) return
  const detail = { exportPassword: password && MASK, before: { exportPassword: wasSet ? MASK : null } }
  await record({ action: 'service.export-password', siteId, subject: name, detail })
}

async function provisionSenders(
  { database, listIds, clock, record, baseUrl }: ProvisionParts,
  service: Service,
  wanted: WantedService['senders'],
) {
  const described: Provisioned['sites'][number]['services'][number]['senders'] = []
  for (const request of wanted) {
    const existing = await findSender(database, service.id, addressKey(request.address) ?? '')
    let sender = existing as Sender
    if (existing?.oneClick !== request.oneClick) {
      sender = await registerSender(database, listIds, service, { ...request, now: clock() })
      const { siteId } = service
      await record({
        action: 'sender.register',
        siteId,
        subject: sender.address,
        detail: { oneClick: sender.oneClick },
      })
    }
    const { address, oneClick, classId } = sender
    described.push({ address, oneClick, classId, baseUrl: baseUrl(sender) })
  }
  return described
}

async function provisionFilters(
  { database, listIds, clock, record, baseUrl }: ProvisionParts,
  service: Service,
  wanted: WantedService['filters'],
) {
  const settled = new Map<string, Filter>()
  // From the first place on: whoever gives way to one that comes later was not settled yet.
  for (const request of wanted.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    const { id, siteId } = service
    const existing = (await findFilters(database, id)).find(({ name }) => name === request.name)
    const filter = existing
      ? await updateFilter(database, id, existing.classId, request)
      : await createFilter(database, listIds, service, { ...request, now: clock() })
    if (!isDeepStrictEqual(filter, existing)) {
      const action = existing ? 'filter.update' : 'filter.create'
      await record({ action, siteId, subject: filter.name, detail: request })
    }
    settled.set(filter.name, filter)
  }
  return wanted.map(({ name }) => {
    const { classId } = settled.get(name) as Filter
    return { name, classId, baseUrl: baseUrl({ classId }) }
  })
}

async function provisionForms(
  { forms, record }: ProvisionParts,
  service: Service,
  wanted: WantedService['forms'],
) {
  const settled = await forms.settle(service, wanted)
  for (const [index, { id, name, outcome }] of settled.entries()) {
    if (outcome === 'unchanged') continue
    const action = outcome === 'created' ? 'form.create' : 'form.update'
    await record({ action, siteId: service.siteId, subject: name, detail: { id, ...wanted[index] } })
  }
  return settled.map(({ id, name, url }) => ({ name, id, url }))
}

function placeOf({ position = Number.MAX_SAFE_INTEGER }: { position?: number | undefined }): number {
  return position
}

async function provisionApiUsers(
  { database, apiUserIds, keyring, clock, record }: ProvisionParts,
  site: Site,
  wanted: WantedSite['apiUsers'],
) {
  const described: Provisioned['sites'][number]['apiUsers'] = []
  for (const request of wanted) {
    const { user, outcome } = await putApiUser(database, apiUserIds, keyring, {
      ...request,
      siteId: site.id,
      now: clock(),
    })
    const { name, role, permissions, services, timeZone } = user
    if (outcome !== 'unchanged') {
      const action = outcome === 'created' ? 'api-user.create' : 'api-user.update'
      await record({
        action,
        siteId: site.id,
        subject: name,
        detail: { role, permissions, services, timeZone },
      })
    }
    described.push({ name, role })
  }
  return described
}
