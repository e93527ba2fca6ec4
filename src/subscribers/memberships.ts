import type { Database } from '../storage/database.ts'
import type { Service } from '../tenants/service.ts'
import type { Membership } from './subscriber.ts'

/** Whether a person joined or left a service of the site; null when they did neither. */
export interface SiteMembership {
  service: Pick<Service, 'id' | 'siteId' | 'name'>
  membership: Membership | null
  since: number | null
}

/** What a person is to each service of a site, by the services' names. */
export async function findMemberships(
  database: Database,
  siteId: number,
  addressKey: string,
): Promise<SiteMembership[]> {
  const rows = await database.read(
    database.query
      .selectFrom('service as s')
      .leftJoin('subscriber_membership as m', (join) =>
        join.onRef('m.service_id', '=', 's.id').on('m.address_key', '=', addressKey),
      )
      .where('s.site_id', '=', siteId)
      .select(['s.id', 's.name', 'm.state', 'm.since'])
      .orderBy('s.name'),
  )
  return rows.map(({ id, name, state, since }) => ({
    service: { id, siteId, name },
    membership: state,
    since,
  }))
}
