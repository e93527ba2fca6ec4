import type { Database } from '../storage/database.ts'
import { refusingTakenName } from '../storage/refusing-taken-name.ts'

/** A tenant: one customer's account. */
export interface Site {
  id: number
  name: string
}

/** By their ids. */
export async function findSites(database: Database): Promise<Site[]> {
  return database.read(database.query.selectFrom('site').select(['id', 'name']).orderBy('id'))
}

/** Creates a site under the given id, or the next free one. Throws DomainError `name-taken`. */
export async function createSite(
  database: Database,
  { id, name, now }: { id?: number | undefined; name: string; now: number },
): Promise<Site> {
  const [rows] = await refusingTakenName(`the site ${name} or its id is taken`, () =>
    database.transact([
      database.query
        .insertInto('site')
        .values(({ selectFrom, fn, lit }) => ({
          id:
            id ??
            selectFrom('site').select((eb) => eb(fn.coalesce(fn.max('id'), lit(0)), '+', lit(1)).as('id')),
          name,
          created_at: now,
        }))
        .returning(['id', 'name']),
    ]),
  )
  return rows[0] as Site
}
