import { type Compilable, type RawBuilder, sql } from 'kysely'
import { mentionedAddresses } from '../../mail/mentioned-addresses.ts'
import type { Erasure } from './erasure.ts'
import { type Key, pagesOf, within } from './pages.ts'

/** Mail that is kept as it is: copies of what was not relayed, and contents that came whole. */
interface Kept {
  table: 'kept_mail' | 'content'
  key: readonly string[]
  ofSite(siteId: number): RawBuilder<boolean>
  /** May be deleted. */
  isIdle(row: Key): RawBuilder<boolean>
}

const KEPT: readonly Kept[] = [
  {
    table: 'kept_mail',
    key: ['bucket', 'message_id'],
    ofSite: (siteId) => sql<boolean>`exists (select 1 from message as m where m.bucket = kept_mail.bucket
      and m.id = kept_mail.message_id and m.service_id in (select id from service where site_id = ${siteId}))`,
    isIdle: () => sql<boolean>`1 = 1`,
  },
  {
    table: 'content',
    key: ['id'],
    ofSite: (siteId) => sql<boolean>`service_id in (select id from service where site_id = ${siteId})`,
    isIdle: ({
      id,
    }) => sql<boolean>`not exists (select 1 from message as m where m.state = 'queued' and m.content_id = ${id})
      and not exists (select 1 from message as m where m.state = 'sending' and m.content_id = ${id})`,
  },
]

const ROWS_PER_PAGE = 500
/** At most this many octets are read at a time, except that one mail may have more. */
const OCTETS_PER_READ = 4_194_304

/**
 * Removes the address from mail to others that names the person. Where an encoded part names them, a kept copy is
 * deleted, and so is a content that no mail waits for; one that mails still wait for stays until `mailDays` are over.
 * Looks at every mail.
 */
export async function eraseRaw(erasure: Erasure): Promise<void> {
  // Their address is in the From of every mail.
  if (erasure.isOfOperators) return
  for (const kept of KEPT) {
    for await (const page of pagesOf(erasure.database, { ...kept, rows: ROWS_PER_PAGE })) {
      const rows = await read<Key & { octets: number }>(
        erasure,
        sql`select ${columnsOf(kept)}, length(raw) as octets from ${sql.table(kept.table)}
          where ${within(kept.key, page)} and raw is not null and ${kept.ofSite(erasure.siteId)}`,
      )
      for (const group of groupsOf(rows)) await eraseFrom(erasure, kept, group)
      await erasure.looked(kept.table, page.last ? ROWS_PER_PAGE : 0)
    }
  }
}

async function eraseFrom(erasure: Erasure, kept: Kept, keys: readonly Key[]): Promise<void> {
  const { named, hash, counted } = erasure
  const anyOf = sql.join(
    keys.map((key) => sql`(${isRow(kept, key)})`),
    sql` or `,
  )
  const rows = await read<Key & { raw: Uint8Array }>(
    erasure,
    sql`select ${columnsOf(kept)}, raw from ${sql.table(kept.table)} where ${anyOf}`,
  )
  for (const { raw, ...row } of rows) {
    if (!names(erasure, raw)) continue
    const clean = named.withoutInBytes(raw, hash)
    const table = sql.table(kept.table)
    const same = isRow(kept, row)
    const results = await erasure.database.transact(
      [
        sql`update ${table} set raw = ${clean} where ${same} returning 1 as done`,
        ...(names(erasure, clean) ? [sql`delete from ${table} where ${same} and ${kept.isIdle(row)}`] : []),
      ].map((statement) => compilable(erasure, statement)),
    )
    counted(kept.table, results[0]?.length ?? 0)
  }
}

function names({ key }: Erasure, raw: Uint8Array): boolean {
  return mentionedAddresses(raw)?.has(key) ?? true
}

function groupsOf(rows: readonly (Key & { octets: number })[]): Key[][] {
  const groups: Key[][] = []
  let octets = OCTETS_PER_READ
  for (const { octets: size, ...key } of rows) {
    octets += size
    if (octets > OCTETS_PER_READ) {
      groups.push([])
      octets = size
    }
    groups.at(-1)?.push(key)
  }
  return groups
}

function columnsOf({ key }: Kept) {
  return sql.join(key.map((column) => sql.ref(column)))
}

function isRow({ key }: Kept, row: Key) {
  return sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )
}

function read<R>(erasure: Erasure, select: RawBuilder<unknown>): Promise<R[]> {
  return erasure.database.read(compilable(erasure, select) as Compilable<R>)
}

function compilable({ database }: Erasure, statement: RawBuilder<unknown>): Compilable {
  return { compile: () => statement.compile(database.query) as ReturnType<Compilable['compile']> }
}
