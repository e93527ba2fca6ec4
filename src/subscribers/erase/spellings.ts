import { sql } from 'kysely'
import { asWritten } from '../../mail/address-in-texts.ts'
import type { Database } from '../../storage/database.ts'

/** Tables in which an address stands beside its key, in the spelling that was given. */
const SPELT = ['suppression', 'event', 'message', 'error_count', 'pending_resume', 'subscriber'] as const

/** An address in every spelling that is stored, and in those that anybody might write. */
export async function spellingsOf(database: Database, key: string, given: string): Promise<string[]> {
  const found = await Promise.all(
    SPELT.map((table) =>
      database.read(
        database.query
          .selectFrom(table as 'suppression')
          .select('address')
          .where('address_key', '=', key)
          .distinct(),
      ),
    ),
  )
  return [...asWritten(key), given, ...found.flat().map(({ address }) => address)]
}

/** Whether the address is a sender's of the site, an API user's name, or that of a person of the console. */
export async function isOfOperators(
  { query, read }: Database,
  siteId: number,
  key: string,
): Promise<boolean> {
  const ofSite = sql<boolean>`service_id in (select id from service where site_id = ${siteId})`
  const found = await Promise.all([
    read(query.selectFrom('sender').select('list_id').where('address_key', '=', key).where(ofSite).limit(1)),
    read(query.selectFrom('api_user').select('id').where(sql`lower(name)`, '=', key).limit(1)),
    read(query.selectFrom('person').select('id').where(sql`lower(email)`, '=', key).limit(1)),
  ])
  return found.some((rows) => rows.length > 0)
}
