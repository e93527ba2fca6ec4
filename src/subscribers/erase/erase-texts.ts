import { type RawBuilder, sql } from 'kysely'
import { type ChunkRow, maskedRow } from '../../imports/erased/masked.ts'
import { holds } from '../../storage/like.ts'
import type { Erasure } from './erasure.ts'
import { type Key, type Page, pagesOf, within } from './pages.ts'
import { ofSite, PLACES, type Place } from './places.ts'

/**
 * Removes the address from every text of the site that may hold it. Looks at every row of these tables, page by page,
 * so that other work can go in between.
 */
export async function eraseTexts(erasure: Erasure): Promise<void> {
  for (const place of PLACES) {
    if (place.isOfOperators && erasure.isOfOperators) continue
    for await (const page of pagesOf(erasure.database, { ...place, rows: place.rowsPerPage })) {
      await eraseWithin(erasure, place, page)
      await erasure.looked(place.table, page.last ? place.rowsPerPage : 0)
    }
  }
}

async function eraseWithin(erasure: Erasure, place: Place, { after, last }: Page): Promise<void> {
  const { database, counted } = erasure
  const { table, texts } = place
  for (let from = after; ; ) {
    const select = selectHolding(erasure, place, { after: from, last })
    const rows = await database.read({ compile: () => select.compile(database.query) })
    const statements = rows.flatMap((row) => {
      const changed = texts.filter((column) => {
        const text = row[column]
        return typeof text === 'string' && cleaned(erasure, table, column, text) !== text
      })
      return changed.length === 0 ? [] : rewrite(erasure, place, row, changed)
    })
    if (statements.length > 0) {
      const written = await database.transact(
        [...lockImports(erasure, place, rows), ...statements].map((statement) => ({
          compile: () => statement.compile(database.query),
        })),
      )
      const rewritten = written.slice(-statements.length).filter(({ length }) => length > 0)
      counted(table, rewritten.length)
      // Somebody else has changed one of the rows meanwhile, such as another erasure.
      if (rewritten.length < statements.length) continue
    }
    if (rows.length < place.rowsPerRead) return
    from = rows.at(-1)
  }
}

/** Rows that may hold the address; whether it is only part of a longer one is decided by the text. */
function selectHolding({ siteId, named }: Erasure, place: Place, page: Page): RawBuilder<Key> {
  const { table, key, texts, of, rowsPerPage, rowsPerRead } = place
  const list = (columns: readonly string[]) =>
    sql.join([...new Set(columns)].map((column) => sql.ref(column)))
  const anyOf = texts.map((column) => {
    const marks = named.marks.map((mark) => holds(sql.ref(column), mark, { ignoreCase: true }))
    return marks.length === 0 ? sql`${sql.ref(column)} is not null` : sql`(${sql.join(marks, sql` and `)})`
  })
  // With a limit of its own, the page is walked by its key, whatever other conditions there are.
  return sql<Key>`select ${list([...key, ...texts])} from (
      select ${list([...key, ...texts, of])} from ${sql.table(table)} where ${within(key, page)}
      order by ${list(key)} limit ${sql.lit(2 * rowsPerPage)}) as page
    where ${ofSite(place, siteId)} and (${sql.join(anyOf, sql` or `)})
    order by ${list(key)} limit ${sql.lit(rowsPerRead)}`
}

/**
 * Waits for the chunks that are being applied, whose parts of the import are locked: they were read before the person
 * was removed from them, and what is made of them is visible once their transactions are done. SQLite runs one
 * transaction after another.
 */
function lockImports({ database }: Erasure, { table }: Place, rows: readonly Key[]) {
  if (database.engine === 'sqlite' || table !== 'import_chunk') return []
  const ids = [...new Set(rows.map((row) => row['import_id']))].sort((a, b) => Number(a) - Number(b))
  return ids.map(
    (id) => sql`select import_id from import_part where import_id = ${id} order by first_chunk for update`,
  )
}

function rewrite(erasure: Erasure, { table, key, removing }: Place, row: Key, columns: readonly string[]) {
  const same = sql.join(
    key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )
  const all = sql.ref(key[0] ?? '')
  if (columns.some((column) => removing.includes(column))) {
    return sql`delete from ${sql.table(table)} where ${same} returning ${all}`
  }
  const set = columns.map(
    (column) => sql`${sql.ref(column)} = ${cleaned(erasure, table, column, String(row[column]))}`,
  )
  const asRead = sql.join(
    columns.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  )
  return sql`update ${sql.table(table)} set ${sql.join(set)} where ${same} and ${asRead} returning ${all}`
}

function cleaned({ key, hash, named }: Erasure, table: string, column: string, text: string): string {
  if (column === 'file_name') return named.withoutInName(text, hash)
  if (table === 'audit_entry') return cleanedEntry(text, named, hash)
  if (table !== 'import_chunk') return named.without(text, hash)
  let isNamed = false
  const rows = (JSON.parse(text) as ChunkRow[]).map((row): ChunkRow => {
    const clean =
      row[0] === key ? maskedRow(row, hash) : withoutNamed(row, (cell) => named.without(cell, hash))
    isNamed ||= clean !== row
    return clean
  })
  return isNamed ? JSON.stringify(rows) : text
}

/** A row of another system's export about somebody else, without the person whom it names. */
function withoutNamed(row: ChunkRow, without: (text: string) => string): ChunkRow {
  const [key, address = null, ...known] = row
  const clean = known.map((cell) => (typeof cell === 'string' ? without(cell) : cell))
  return clean.every((cell, index) => cell === known[index]) ? row : [key, address, ...clean]
}

/** An entry of the record without the address; that of an import holds the name of its file. */
function cleanedEntry(text: string, named: Erasure['named'], hash: string): string {
  const clean = named.without(text, hash)
  if (!clean.startsWith('{')) return clean
  const { name, ...detail } = JSON.parse(clean)
  if (typeof name !== 'string' || detail.sha256 === undefined) return clean
  const nameless = named.withoutInName(name, hash)
  return name === nameless ? clean : JSON.stringify({ ...detail, name: nameless })
}
