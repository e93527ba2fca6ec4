import { type RawBuilder, sql } from 'kysely'
import { BACKUP_TABLES } from '../../storage/backup-tables.ts'
import type { Tables } from '../../storage/tables.ts'
import { COLUMNS } from './columns.ts'

/** A table in whose texts an address may stand. */
export interface Place {
  table: keyof Tables
  /** Its primary key. */
  key: readonly string[]
  texts: readonly string[]
  /** The columns without which a row is worthless. */
  removing: readonly string[]
  /** How its rows belong to a site. */
  of: string
  /** How many of its rows one statement looks at, and how many of those that may hold the address one reads. */
  rowsPerPage: number
  rowsPerRead: number
  /** True where what the site's operators wrote about themselves stays. */
  isOfOperators: boolean
}

/** `services` are those of the site. */
const OF_SITE: Readonly<
  Record<string, (services: RawBuilder<unknown>, siteId: number) => RawBuilder<boolean>>
> = {
  service_id: (services) => sql<boolean>`service_id in ${services}`,
  list_id: (services) => sql<boolean>`list_id in (select id from list where service_id in ${services})`,
  import_id: (services) => sql<boolean>`import_id in (select id from import where service_id in ${services})`,
  class_id: (services) =>
    sql<boolean>`class_id in (select class_id from list where service_id in ${services})`,
  // Rows that belong to no site cannot be known to belong to another one.
  site_id: (_, siteId) => sql<boolean>`(site_id = ${siteId} or site_id is null)`,
}

/** How rows belong to a site, by the column that tells. */
const BELONGING = {
  delivery: 'service_id',
  content: 'service_id',
  message: 'service_id',
  import_chunk: 'import_id',
  import_reject: 'import_id',
  // After its rows, from which a dry run may just be making a sample.
  import: 'service_id',
  opaque_request: 'list_id',
  unverified_request: 'class_id',
  subscriber: 'site_id',
  subscriber_user_id: 'site_id',
  agreement: 'service_id',
  suppression: 'list_id',
  event: 'list_id',
  audit_entry: 'site_id',
} as const satisfies Partial<Record<keyof Tables, string>>

const SMALL = { rowsPerPage: 5_000, rowsPerRead: 100 }
/** For tables whose rows may have a hundred kilobytes or more. */
const LARGE = { rowsPerPage: 200, rowsPerRead: 10 }

export const PLACES: readonly Place[] = Object.entries(BELONGING).map(([name, of]) => {
  const table = name as keyof Tables
  const key = BACKUP_TABLES.find((one) => one.name === table)?.key ?? []
  const columns = Object.entries(COLUMNS[table])
  const texts = columns.flatMap(([column, how]) => (how === 'words' || how === 'removing' ? [column] : []))
  const removing = columns.flatMap(([column, how]) => (how === 'removing' ? [column] : []))
  const rows = table === 'import_chunk' || table === 'content' ? LARGE : SMALL
  // From stands in every content; the record tells what they did.
  const isOfOperators = table === 'content' || table === 'audit_entry'
  return { table, key, texts, removing, of, isOfOperators, ...rows }
})

/** Whether a row of the place belongs to the site. */
export function ofSite({ of }: Place, siteId: number): RawBuilder<boolean> {
  const services = sql`(select id from service where site_id = ${siteId})`
  return (OF_SITE[of] as NonNullable<(typeof OF_SITE)[string]>)(services, siteId)
}
