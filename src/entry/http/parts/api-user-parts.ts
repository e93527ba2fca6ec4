import {
  type ApiUserView,
  createApiUser,
  findApiUserView,
  findApiUserViews,
} from '../../../access/api-user.ts'
import { endPreviousKey, revokeApiUser, rotateKey, updateApiUser } from '../../../access/api-user-changes.ts'
import { newApiKey } from '../../../access/api-user-key.ts'
import type { VerbOf } from '../../../audit/actions.ts'
import { recordAudit } from '../../../audit/audit.ts'
import type { ApiUserParts } from '../../../dialects/native/parts/api-user-parts.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { DomainError, invalid } from '../../../kernel/domain-error.ts'
import type { Keyring } from '../../../kernel/keyring.ts'
import type { Database } from '../../../storage/database.ts'
import type { IdSource } from '../../../storage/id-block.ts'
import { findServices } from '../../../tenants/service.ts'
import { findSites } from '../../../tenants/site.ts'
import { pageOf, sortable } from './native-pages.ts'

export interface ApiUserCapabilities {
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'api-user' | 'audit', IdSource>
}

const HOUR_MS = 3_600_000

/** What the native interface does with API users. No key gets into the record. */
export function createApiUserParts({ database, keyring, clock, ids }: ApiUserCapabilities): ApiUserParts {
  const find = (site: number | undefined, id: number) => findApiUserView(database, site, id, clock())
  const record = (
    actor: string,
    action: VerbOf<'api-user'>,
    { name, siteId }: Pick<ApiUserView, 'name' | 'siteId'>,
    detail: Record<string, unknown> = {},
  ) =>
    recordAudit(database, ids.audit, {
      ...{ at: clock(), actor, action: `api-user.${action}`, siteId, subject: name, detail },
    })
  return {
    find: async (site, page) =>
      pageOf(await findApiUserViews(database, site, clock()), page, ({ id }) => sortable(id)),
    findOne: find,
    create: async (site, { key, siteId: named, ...wanted }, actor) => {
      const siteId = await siteMeant(database, site, named)
      await refuseUnknownServices(database, siteId, wanted.services)
      const made = key ?? newApiKey()
      const user = await createApiUser(database, ids['api-user'], keyring, {
        ...wanted,
        siteId,
        key: made,
        now: clock(),
      })
      const { role, permissions, services, timeZone } = user
      await record(actor, 'create', user, { role, permissions, services, timeZone })
      return { user: await find(site, user.id), key: key === undefined ? made : null }
    },
    update: async (site, id, { revision, ...change }, actor) => {
      const { siteId } = await find(site, id)
      await refuseUnknownServices(database, siteId, change.services ?? [])
      const before = await updateApiUser(database, { id, siteId: site }, change, revision)
      await record(actor, 'update', before, change)
      return find(site, id)
    },
    rotate: async (site, id, { key, overlapHours }, actor) => {
      const user = await find(site, id)
      const made = key ?? newApiKey()
      const previousUntil = overlapHours === 0 ? undefined : clock() + overlapHours * HOUR_MS
      await rotateKey(database, keyring, { id, key: made, previousUntil })
      await record(actor, 'rotate', user, { overlapHours })
      return { user: await find(site, id), key: key === undefined ? made : null }
    },
    endPreviousKey: async (site, id, actor) => {
      const user = await find(site, id)
      await endPreviousKey(database, id)
      await record(actor, 'end-previous-key', user)
      return find(site, id)
    },
    revoke: async (site, id, actor) => {
      const user = await find(site, id)
      await revokeApiUser(database, id)
      await record(actor, 'revoke', user)
    },
  }
}

/** The site that is meant: whoever administers one site gives rights only there. It has to exist. */
async function siteMeant(
  database: Database,
  site: number | undefined,
  named: number | undefined,
): Promise<number> {
  if (site !== undefined && (named ?? site) !== site) {
    throw new DomainError('forbidden', 'you may not create API users of another site', {
      field: 'siteId',
    })
  }
  const sites = await findSites(database)
  const [found, another] = sites.filter(({ id }) => id === (named ?? site ?? id))
  if (found && !another) return found.id
  if (named !== undefined) throw invalid('siteId', `there is no site ${named}`)
  const some = sites.slice(0, 10).map(({ id, name }) => `${id} (${name})`)
  throw invalid('siteId', `is needed: the number of a site, such as ${some.join(', ')}`)
}

async function refuseUnknownServices(
  database: Database,
  siteId: number,
  services: readonly string[],
): Promise<void> {
  if (services.length === 0) return
  const names = new Set((await findServices(database, siteId)).map(({ name }) => name))
  const at = services.findIndex((name) => !names.has(name))
  if (at < 0) return
  throw new DomainError('unknown-service', `the site has no service ${services[at]}`, {
    field: `services[${at}]`,
  })
}
