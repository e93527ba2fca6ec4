import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Compilable, sql } from 'kysely'
import { BACKUP_TABLES, type BackupTable } from '../backup-tables.ts'
import type { Database, Reader } from '../database.ts'
import { newest } from '../migrate.ts'
import { FORMAT_VERSION, KEYS_FILE, MANIFEST_FILE, type Manifest, TABLES_FILE } from './backup-manifest.ts'

export interface BackupRequest {
  database: Database
  /** The directory in which the backup's own directory is created; created too when it is missing. */
  into: string
  /** The data directory's key file; undefined when the keys come from KAIJO_SECRET_KEYS and are kept elsewhere. */
  secretKeysFile: string | undefined
  now: number
  /** Called with the number of a table's rows written so far. */
  onProgress?: ((table: string, rows: number) => void) | undefined
}

export interface BackupReport {
  directory: string
  manifest: Manifest
}

const OWNER_ONLY = { mode: 0o600, flush: true }
const ROWS_PER_PAGE = 2_000
/** Each may be a whole mail. */
const ROWS_WITH_BYTES_PER_PAGE = 16

/**
 * Writes everything that the installation needs to start again elsewhere, on either engine, into
 * `kaijo-backup-<UTC time>/`, which appears once it is complete and on disk. All rows come from one moment, while the
 * database goes on being written. Needs the memory of one page.
 *
 * `tables.ndjson.gz`: a line about the file; then for each table `{ "table", "columns" }` and its rows as arrays, bytes
 * in base64. `secret-keys.json`: the keys, when there is a file of them. `manifest.json`: counts and checksums.
 */
export async function backup(request: BackupRequest): Promise<BackupReport> {
  const { into, secretKeysFile, now } = request
  const name = `kaijo-backup-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`
  const directory = join(into, name)
  const draft = join(into, `.${name}`)
  await mkdir(into, { recursive: true, mode: 0o700 })
  await mkdir(draft, { mode: 0o700 })
  try {
    const manifest = await writeTables(request, draft)
    // After the tables: a key is in its file before the database knows it.
    if (secretKeysFile !== undefined) {
      const keys = await readFile(secretKeysFile)
      await writeFile(join(draft, KEYS_FILE), keys, OWNER_ONLY)
      manifest.sha256[KEYS_FILE] = createHash('sha256').update(keys).digest('hex')
    }
    await writeFile(join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, OWNER_ONLY)
    await syncDirectory(draft)
    await rename(draft, directory)
    await syncDirectory(into)
    return { directory, manifest }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function writeTables(request: BackupRequest, draft: string): Promise<Manifest> {
  const { database, secretKeysFile, now } = request
  const time = new Date(now).toISOString()
  const head = { format: 'kaijo-backup', version: FORMAT_VERSION, engine: database.engine, time } as const
  const tables: Manifest['tables'] = {}
  const hash = createHash('sha256')
  return database.snapshot(async (reader) => {
    const { query } = database
    const schema = await newest({ ...database, read: reader.read })
    const keys = await reader.read(query.selectFrom('secret_key').select('id').orderBy('id'))
    await pipeline(
      async function* () {
        yield `${JSON.stringify({ ...head, schema })}\n`
        for (const table of BACKUP_TABLES) yield* linesOf(request, reader, table, tables)
      },
      createGzip(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(join(draft, TABLES_FILE), OWNER_ONLY),
    )
    return {
      ...head,
      schema,
      tables,
      sha256: { [TABLES_FILE]: hash.digest('hex') },
      keys: { ids: keys.map(({ id }) => id), included: secretKeysFile !== undefined },
    }
  })
}

type Row = Record<string, unknown>

async function* linesOf(
  { database, onProgress }: BackupRequest,
  reader: Reader,
  table: BackupTable,
  counts: Record<string, number>,
): AsyncGenerator<string> {
  let count = 0
  let columns: string[] = []
  for await (const rows of pagesOf(database, reader, table)) {
    if (count === 0) {
      columns = Object.keys(rows[0] as Row)
      yield `${JSON.stringify({ table: table.name, columns })}\n`
    }
    yield rows.map((row) => `${JSON.stringify(columns.map((column) => encode(row[column])))}\n`).join('')
    count += rows.length
    onProgress?.(table.name, count)
  }
  counts[table.name] = count
}

function encode(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}

async function* pagesOf(database: Database, reader: Reader, table: BackupTable): AsyncGenerator<Row[]> {
  const size = table.bytes.length > 0 ? ROWS_WITH_BYTES_PER_PAGE : ROWS_PER_PAGE
  for (let last: Row | undefined; ; ) {
    const rows = await reader.read(pageAfter(database, table, last, size))
    if (rows.length > 0) yield rows
    if (rows.length < size) return
    last = rows.at(-1)
  }
}

/** The limit is not a parameter: PostgreSQL plans once, and would not know that it is small. */
function pageAfter(
  { query }: Database,
  { name, key }: BackupTable,
  last: Row | undefined,
  size: number,
): Compilable<Row> {
  let page = query.selectFrom(name as 'id_block').selectAll()
  if (last) {
    const columns = sql.join(key.map((column) => sql.ref(column)))
    page = page.where(sql<boolean>`(${columns}) > (${sql.join(key.map((column) => last[column]))})`)
  }
  for (const column of key) page = page.orderBy(sql.ref(column))
  return page.limit(sql.lit(size))
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}
