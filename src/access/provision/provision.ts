import { refuseIfAny } from '../../kernel/mistakes.ts'
import { createSite, findSites, type Site } from '../../tenants/site.ts'
import { putApiUser } from '../api-user.ts'
import { findConflicts, findMeant } from './provision-conflicts.ts'
import { readProvisionFile, type WantedSite } from './provision-file.ts'
import type { Provisioned, ProvisionedService, ProvisionedSite, ProvisionParts } from './provision-parts.ts'
import { provisionService } from './provision-service.ts'
import { renameSite } from './rename.ts'

/**
 * Brings sites, services, senders, filters, registration forms and API users in line with a YAML or JSON file. What the
 * file does not name is left alone; repeating it changes nothing. Throws all DomainErrors at once as `Mistakes`, having
 * changed nothing.
 */
export async function provision(parts: ProvisionParts, given: unknown): Promise<Provisioned> {
  const file = readProvisionFile(given)
  refuseIfAny(await findConflicts(parts.database, parts.forms, file))
  const sites: ProvisionedSite[] = []
  for (const wanted of file.sites) sites.push(await provisionSite(parts, wanted))
  return { sites }
}

async function provisionSite(parts: ProvisionParts, wanted: WantedSite): Promise<ProvisionedSite> {
  const site = await settleSite(parts, wanted)
  const services: ProvisionedService[] = []
  for (const service of wanted.services) services.push(await provisionService(parts, site, service))
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

async function provisionApiUsers(
  { database, apiUserIds, keyring, clock, record }: ProvisionParts,
  site: Site,
  wanted: WantedSite['apiUsers'],
) {
  const described: ProvisionedSite['apiUsers'] = []
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
