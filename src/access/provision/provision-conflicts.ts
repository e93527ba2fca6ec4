import { addressKey } from '../../kernel/address.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import type { Database } from '../../storage/database.ts'
import { findSender, permanent } from '../../tenants/sender.ts'
import { findServices, type Service } from '../../tenants/service.ts'
import { findSites, type Site } from '../../tenants/site.ts'
import { findApiUserByName } from '../api-user.ts'
import type { ProvisionFile, WantedService, WantedSite } from './provision-file.ts'
import type { ProvisionForms } from './provision-forms.ts'

/** The stored item that an entry means: the one with its id, or else the one with its name. */
export function findMeant<T extends { id: number; name: string }>(
  wanted: { id?: number | undefined; name: string },
  existing: readonly T[],
): T | undefined {
  return existing.find(({ id }) => id === wanted.id) ?? existing.find(({ name }) => name === wanted.name)
}

/** Everything that keeps a well-formed file from being carried out: conflicts within it, and with what is stored. */
export async function findConflicts(
  database: Database,
  forms: Pick<ProvisionForms, 'conflicts'>,
  file: ProvisionFile,
): Promise<DomainError[]> {
  const [sites, services] = await Promise.all([findSites(database), findServices(database)])
  const found: DomainError[] = repeats(file)
  for (const [at, wanted] of file.sites.entries()) {
    const path = `sites[${at}]`
    const site = findMeant(wanted, sites)
    found.push(...identity(wanted, sites, path))
    for (const [index, service] of wanted.services.entries()) {
      const place = `${path}.services[${index}]`
      found.push(
        ...identity(service, services, place),
        ...(await serviceConflicts(database, service, { site, services, path: place })),
        ...(await formConflicts(forms, service, { services, path: place })),
      )
    }
    found.push(...(await apiUserConflicts(database, wanted, { site, services, path })))
  }
  return found
}

/** An id never changes, and a name belongs to one id. */
function identity(
  wanted: { id?: number | undefined; name: string },
  existing: readonly { id: number; name: string }[],
  path: string,
): DomainError[] {
  const named = existing.find(({ name }) => name === wanted.name)
  if (!named || wanted.id === undefined || named.id === wanted.id) return []
  if (existing.some(({ id }) => id === wanted.id)) return [taken(`${path}.name`, wanted.name)]
  return [invalid(`${path}.id`, `${wanted.name} has the id ${named.id}, which cannot change`)]
}

async function serviceConflicts(
  database: Database,
  wanted: WantedService,
  { site, services, path }: { site: Site | undefined; services: readonly Service[]; path: string },
): Promise<DomainError[]> {
  const service = findMeant(wanted, services)
  if (!service) return []
  if (service.siteId !== site?.id) {
    return service.id === wanted.id
      ? [invalid(`${path}.id`, `the service ${service.id} belongs to another site`)]
      : [taken(`${path}.name`, wanted.name)]
  }
  const found: DomainError[] = []
  for (const [index, { address, oneClick }] of wanted.senders.entries()) {
    const sender = await findSender(database, service.id, addressKey(address) ?? '')
    if (oneClick || !sender?.oneClick) continue
    const { code, message } = permanent(sender.address)
    found.push(new DomainError(code, message, { field: `${path}.senders[${index}].oneClick` }))
  }
  return found
}

function formConflicts(
  forms: Pick<ProvisionForms, 'conflicts'>,
  wanted: WantedService,
  { services, path }: { services: readonly Service[]; path: string },
): Promise<DomainError[]> {
  const service = findMeant(wanted, services)
  const { confirmationFrom = service?.settings.confirmationFrom ?? null } = wanted.settings ?? {}
  const senders = wanted.senders.map(({ address }) => address)
  return forms.conflicts(wanted.forms, { service, senders, confirmationFrom, path })
}

async function apiUserConflicts(
  database: Database,
  wanted: WantedSite,
  { site, services, path }: { site: Site | undefined; services: readonly Service[]; path: string },
): Promise<DomainError[]> {
  // Grants name a service that the file renames by its new name.
  const meant = wanted.services.map((service) => findMeant(service, services))
  const others = services.filter((service) => service.siteId === site?.id && !meant.includes(service))
  const names = new Set([...wanted.services, ...others].map(({ name }) => name))
  const found: DomainError[] = []
  for (const [at, user] of wanted.apiUsers.entries()) {
    const place = `${path}.apiUsers[${at}]`
    const stored = await findApiUserByName(database, user.name)
    if (stored && stored.siteId !== site?.id) found.push(taken(`${place}.name`, user.name))
    if (!stored && user.key === undefined) found.push(invalid(`${place}.key`, 'is needed for a new API user'))
    user.services.forEach((name, index) => {
      if (names.has(name)) return
      const field = `${place}.services[${index}]`
      found.push(new DomainError('unknown-service', `the site has no service ${name}`, { field }))
    })
  }
  return found
}

/** Entries that occur twice in the file and may occur only once. */
function repeats({ sites }: ProvisionFile): DomainError[] {
  const seen = new Set<string>()
  const found: DomainError[] = []
  const once = (field: string, kind: string, value: string | number | undefined) => {
    if (value === undefined) return
    const key = `${kind} ${value}`
    if (seen.has(key)) found.push(invalid(field, `${value} appears twice in the file`))
    seen.add(key)
  }
  for (const [at, site] of sites.entries()) {
    once(`sites[${at}].id`, 'site id', site.id)
    once(`sites[${at}].name`, 'site', site.name)
    for (const [index, user] of site.apiUsers.entries()) {
      once(`sites[${at}].apiUsers[${index}].name`, 'API user', user.name)
    }
    for (const [index, service] of site.services.entries()) {
      const path = `sites[${at}].services[${index}]`
      once(`${path}.id`, 'service id', service.id)
      once(`${path}.name`, 'service', service.name)
      for (const [number, { address }] of service.senders.entries()) {
        once(`${path}.senders[${number}].address`, `sender of ${path}`, addressKey(address))
      }
      for (const [number, { name, position }] of service.filters.entries()) {
        once(`${path}.filters[${number}].name`, `filter of ${path}`, name)
        once(`${path}.filters[${number}].position`, `position in ${path}`, position)
      }
      for (const [number, { name }] of service.forms.entries()) {
        once(`${path}.forms[${number}].name`, `form of ${path}`, name)
      }
    }
  }
  return found
}

function taken(field: string, name: string): DomainError {
  return new DomainError('name-taken', `${name} is taken; names are unique across sites`, { field })
}
