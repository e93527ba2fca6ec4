import { isDeepStrictEqual } from 'node:util'
import { addressKey } from '../../kernel/address.ts'
import { MASK, maskUrl } from '../../kernel/mask-url.ts'
import { withoutUndefined } from '../../kernel/without-undefined.ts'
import { createFilter, type Filter, findFilters, updateFilter } from '../../tenants/filter.ts'
import { replacedValues } from '../../tenants/replaced-values.ts'
import { findSender, registerSender, type Sender } from '../../tenants/sender.ts'
import {
  createService,
  findServices,
  type Service,
  type ServiceChange,
  updateService,
} from '../../tenants/service.ts'
import type { Site } from '../../tenants/site.ts'
import { findMeant } from './provision-conflicts.ts'
import type { WantedService } from './provision-file.ts'
import type { ProvisionedService, ProvisionParts } from './provision-parts.ts'
import { renameService } from './rename.ts'

/**
 * Brings a service of the site, with everything that belongs to it, in line with a file, and records what that changed.
 */
export async function provisionService(
  parts: ProvisionParts,
  site: Site,
  wanted: WantedService,
): Promise<ProvisionedService> {
  const service = await settleService(parts, site, wanted)
  await settleRelay(parts, service, wanted.relay)
  await settleExportPassword(parts, service, wanted.exportPassword)
  return {
    id: service.id,
    name: service.name,
    senders: await provisionSenders(parts, service, wanted.senders),
    filters: await provisionFilters(parts, service, wanted.filters),
    forms: await provisionForms(parts, service, wanted.forms),
    inbound: parts.inboundAddresses(service),
  }
}

async function settleService(parts: ProvisionParts, site: Site, wanted: WantedService): Promise<Service> {
  const { database, listIds, clock, record } = parts
  const { id, name } = wanted
  const given = changeIn(wanted)
  const existing = findMeant(wanted, await findServices(database, site.id))
  if (!existing) {
    const identity = { id, siteId: site.id, name, now: clock() }
    const created = await createService(database, listIds, { ...given, ...identity })
    await record({ action: 'service.create', siteId: site.id, subject: name, detail: given })
    return created
  }
  if (existing.name !== name) {
    await renameService(database, existing, name)
    const detail = { from: existing.name }
    await record({ action: 'service.rename', siteId: site.id, subject: name, detail })
  }
  const { before, after } = await updateService(database, existing.id, given)
  if (!isDeepStrictEqual(after, before)) {
    const detail = { ...given, before: replacedValues(before, after) }
    await record({ action: 'service.update', siteId: site.id, subject: name, detail })
  }
  return after
}

/** What the file says of the service itself. */
function changeIn(wanted: WantedService): ServiceChange & Record<string, unknown> {
  const { timeZone, lifetimeDays, allowedDomains, settings, page } = wanted
  return withoutUndefined({ timeZone, lifetimeDays, allowedDomains, settings, page })
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
  const described: ProvisionedService['senders'] = []
  for (const request of wanted) {
    const existing = await findSender(database, service.id, addressKey(request.address) ?? '')
    let sender = existing as Sender
    if (existing?.oneClick !== request.oneClick) {
      sender = await registerSender(database, listIds, service, { ...request, now: clock() })
      const detail = { oneClick: sender.oneClick }
      await record({ action: 'sender.register', siteId: service.siteId, subject: sender.address, detail })
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
  // From the first position on: a filter that gives way to a later entry has not been put in its own place yet.
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
