import { type RawBuilder, sql } from 'kysely'
import { type ChunkRow, maskedRow } from '../../imports/masked.ts'
import { holds } from '../../storage/like.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Erasure } from './erasure.ts'
import { withoutSpellings, withoutSpellingsInName } from './without-spellings.ts'

type Column<T extends keyof Tables> = keyof Tables[T] & string

/** Where an address may stand in a text. A row that cannot do without the text is removed. */
interface Place<T extends keyof Tables> {
  table: T
  key: readonly Column<T>[]
  texts: readonly Column<T>[]
  /** The rows of the site; `services` are its services. */
  ofSite(services: RawBuilder<unknown>, siteId: number): RawBuilder<boolean>
  removed?: true
}

const ofServices = (services: RawBuilder<unknown>) => sql<boolean>`service_id in ${services}`
const ofImports = (services: RawBuilder<unknown>) =>
  sql<boolean>`import_id in (select id from import where service_id in ${services})`
const ofLists = (services: RawBuilder<unknown>) =>
  sql<boolean>`list_id in (select id from list where service_id in ${services})`

const PLACES = [
  place({
    table: 'delivery',
    key: ['id'],
    texts: ['subject', 'reference', 'request_id', 'answer_json'],
    ofSite: ofServices,
  }),
  place({
    table: 'message',
    key: ['bucket', 'id'],
    texts: ['shown_to', 'substitutions_json', 'reply'],
    ofSite: ofServices,
  }),
  place({ table: 'import_chunk', key: ['import_id', 'number'], texts: ['rows_json'], ofSite: ofImports }),
  place({
    table: 'import_reject',
    key: ['import_id', 'row_number'],
    texts: ['text', 'reason', 'found_json'],
    ofSite: ofImports,
  }),
  // Behind its rows, of which a trial may just be making a sample.
  place({ table: 'import', key: ['id'], texts: ['file_name', 'sample_json', 'error'], ofSite: ofServices }),
  place({
    table: 'opaque_request',
    key: ['list_id', 'day', 'part'],
    texts: ['part', 'evidence_json'],
    ofSite: ofLists,
    removed: true,
  }),
  place({
    ...{ table: 'unverified_request', key: ['id'], texts: ['evidence_json'] },
    ofSite: (services) =>
      sql<boolean>`class_id in (select class_id from list where service_id in ${services})`,
  }),
  // Of others, who named them.
  place({
    table: 'subscriber',
    key: ['address_key', 'site_id'],
    texts: ['attributes_json'],
    ofSite: (_, siteId) => sql<boolean>`site_id = ${siteId}`,
  }),
  place({
    table: 'audit_entry',
    key: ['id'],
    texts: ['subject', 'detail_json'],
    ofSite: (_, siteId) => sql<boolean>`site_id = ${siteId}`,
  }),
]

const ROWS_PER_COMMIT = 100

/** Takes the address out of every text of the site that may hold it. Looks at every row of these tables. */
export async function eraseTexts(erasure: Erasure): Promise<void> {
  for (const found of PLACES) await eraseAt(erasure, found)
}

/** Keeps the names of a place's columns to those of its table. */
function place<T extends keyof Tables>(given: Place<T>): Place<never> {
  return given as unknown as Place<never>
}

type Row = Record<string, string | number | null>

async function eraseAt(erasure: Erasure, found: Place<never>): Promise<void> {
  const { database, counted } = erasure
  const { table, texts } = found
  for (let after: Row | undefined; ; ) {
    const select = selectHolding(erasure, found, after)
    const rows = await database.read({ compile: () => select.compile(database.query) })
    if (rows.length === 0) return
    const statements = rows.flatMap((row) => {
      const clean = texts.filter((column) => {
        const text = row[column]
        return typeof text === 'string' && cleaned(erasure, table, column, text) !== text
      })
      return clean.length === 0 ? [] : rewrite(erasure, found, row, clean)
    })
    if (statements.length > 0) {
      const written = await database.transact(
        [...lockImports(erasure, found, rows), ...statements].map((statement) => ({
          compile: () => statement.compile(database.query),
        })),
      )
      const rewritten = written.slice(-statements.length).filter(({ length }) => length > 0)
      counted(table, rewritten.length)
      // Somebody else has changed one of them meanwhile, as another erasure does.
      if (rewritten.length < statements.length) continue
    }
    if (rows.length < ROWS_PER_COMMIT) return
    after = rows.at(-1)
  }
}

/** Rows that may hold the address; whether it is a part of another one is told by the text. */
function selectHolding(
  { siteId, spellings }: Erasure,
  { table, key, texts, ofSite }: Place<never>,
  after: Row | undefined,
): RawBuilder<Row> {
  const services = sql`(select id from service where site_id = ${siteId})`
  const anyOf = texts.flatMap((column) =>
    spellings.map((spelling) => holds(sql.ref(column), spelling, { ignoreCase: true })),
  )
  const columns = sql.join([...new Set<string>([...key, ...texts])].map((column) => sql.ref(column)))
  const order = sql.join(key.map((column) => sql.ref(column)))
  const further = after ? sql`(${order}) > (${sql.join(key.map((column) => after[column]))})` : sql`1 = 1`
  return sql<Row>`select ${columns} from ${sql.table(table)}
    where ${ofSite(services, siteId)} and ${further} and (${sql.join(anyOf, sql` or `)})
    order by ${order} limit ${sql.lit(ROWS_PER_COMMIT)}`
}

/**
 * Waits for the chunks that are being carried out, which have their parts of the import locked: each it has read its rows before the person was
 * taken out of them, and what it makes of them is there once its transaction is. SQLite carries out one transaction after
 * another.
 */
function lockImports({ database }: Erasure, { table }: Place<never>, rows: readonly Row[]) {
  if (database.engine === 'sqlite' || table !== 'import_chunk') return []
  const ids = [...new Set(rows.map((row) => row.import_id))].sort((a, b) => Number(a) - Number(b))
  return ids.map(
    (id) => sql`select import_id from import_part where import_id = ${id} order by first_chunk for update`,
  )
}

function rewrite(erasure: Erasure, { table, key, removed }: Place<never>, row: Row, columns: string[]) {
  const same = sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )
  const all = sql.ref(key[0] ?? '')
  if (removed) return sql`delete from ${sql.table(table)} where ${same} returning ${all}`
  const set = columns.map(
    (column) => sql`${sql.ref(column)} = ${cleaned(erasure, table, column, String(row[column]))}`,
  )
  const asRead = sql.join(
    columns.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )
  return sql`update ${sql.table(table)} set ${sql.join(set)} where ${same} and ${asRead} returning ${all}`
}

function cleaned({ key, hash, spellings }: Erasure, table: string, column: string, text: string): string {
  if (column === 'file_name') return withoutSpellingsInName(text, spellings, hash)
  if (table === 'audit_entry') return cleanedEntry(text, spellings, hash)
  if (table !== 'import_chunk') return withoutSpellings(text, spellings, hash)
  const rows = JSON.parse(text) as ChunkRow[]
  return rows.some((row) => row[0] === key)
    ? JSON.stringify(rows.map((row) => (row[0] === key ? maskedRow(row, hash) : row)))
    : text
}

/** What is on record of an import has the name of its file. */
function cleanedEntry(text: string, spellings: readonly string[], hash: string): string {
  const clean = withoutSpellings(text, spellings, hash)
  if (!clean.startsWith('{')) return clean
  const { name, ...detail } = JSON.parse(clean)
  if (typeof name !== 'string' || detail.sha256 === undefined) return clean
  const nameless = withoutSpellingsInName(name, spellings, hash)
  return name === nameless ? clean : JSON.stringify({ ...detail, name: nameless })
}
