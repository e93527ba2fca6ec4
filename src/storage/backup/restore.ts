import { join } from 'node:path'
import { sql } from 'kysely'
import { BACKUP_TABLES, type BackupTable } from '../backup-tables.ts'
import type { Database } from '../database.ts'
import { SCHEMA } from '../migrate.ts'
import { readLines } from './backup-lines.ts'
import { type Manifest, RestoreRefused, readManifest, TABLES_FILE } from './backup-manifest.ts'
import { checkSecretKeys, placeSecretKeys, type RestoredKeys } from './restore-secret-keys.ts'

export interface RestoreRequest {
  /** A directory that `backup` wrote. */
  directory: string
  /** What `checkBackup` found there. */
  manifest: Manifest
  /** Migrated and otherwise empty; of either engine, whichever the backup came from. No process may have started on it. */
  database: Database
  /** Where the key file goes; undefined when the keys come from KAIJO_SECRET_KEYS. */
  secretKeysFile: string | undefined
  /** Called with the rows of a table that are in the database so far. */
  onProgress?: ((table: string, rows: number) => void) | undefined
}

export interface RestoreReport {
  manifest: Manifest
  keys: RestoredKeys
}

/**
 * Registered among the known keys until everything is restored. No process has a key of this id, so none starts on half
 * of the suppressions and mails those in the missing half.
 */
const UNFINISHED = 'unfinished-restore'

/** SQLite takes up to 32,766 in a statement; compiling this many takes milliseconds. */
const MOST_PARAMETERS = 15_000
const MOST_CHARACTERS = 4 * 1024 * 1024

/**
 * What was handed out after the backup must not be handed out again: a bounce of a mail that the backup does not know
 * would be taken for another recipient's. More than anyone sends between two backups.
 */
const IDS_PASSED_OVER = 1_000_000_000

/**
 * Checks everything about a backup that can be checked without a database, so that no database is created for an unfit
 * one, which an older release would then refuse. Throws RestoreRefused, whose message is for the operator.
 */
export async function checkBackup(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory)
  const { schema } = manifest
  if (schema === SCHEMA) return manifest
  throw new RestoreRefused(
    schema > SCHEMA
      ? `the backup has schema ${schema}, this release knows ${SCHEMA}: restore it with the release that wrote it, or a newer one`
      : `the backup has schema ${schema}, this release makes ${SCHEMA}: restore it with the release that wrote it, then ` +
          'start this one, which migrates it',
  )
}

/**
 * Fills an empty database from a backup that was checked. Throws RestoreRefused; a restore that was cut off leaves a
 * database on which no process starts, to be dropped and created again.
 */
export async function restore(request: RestoreRequest): Promise<RestoreReport> {
  const { directory, manifest, database, secretKeysFile } = request
  await checkEmpty(database)
  const takesKeys = manifest.keys.included && secretKeysFile !== undefined
  const keys = takesKeys ? await checkSecretKeys(directory, secretKeysFile) : 'not included'

  const { query } = database
  const marker = { id: UNFINISHED, check_value: '', purpose: 'ring' as const, created_at: 0 }
  await database.transact([query.insertInto('secret_key').values(marker)])
  const counts = await fill(request)
  for (const [table, rows] of Object.entries(manifest.tables)) {
    if ((counts.get(table) ?? 0) !== rows) {
      throw new RestoreRefused(`${table}: ${counts.get(table) ?? 0} rows where the manifest counts ${rows}`)
    }
  }
  if (takesKeys && keys === 'restored') await placeSecretKeys(directory, secretKeysFile)
  await database.transact([
    query.updateTable('id_block').set((eb) => ({ next: eb('next', '+', IDS_PASSED_OVER) })),
    // Leases begin anew, and so do the epochs by which a worker recognises attempts that nobody will finish.
    query.updateTable('message').set({ state: 'queued', epoch: 0 }).where('state', '=', 'sending'),
    query.deleteFrom('secret_key').where('id', '=', UNFINISHED),
  ])
  return { manifest, keys }
}

async function checkEmpty(database: Database): Promise<void> {
  const filled: string[] = []
  for (const { name } of BACKUP_TABLES) {
    const any = database.query
      .selectFrom(name as 'id_block')
      .select(sql.lit(1).as('one'))
      .limit(1)
    if ((await database.read(any)).length > 0) filled.push(name)
  }
  if (filled.length === 0) return
  const marked = database.query.selectFrom('secret_key').select('id').where('id', '=', UNFINISHED)
  const cutOff = (await database.read(marked)).length > 0
  throw new RestoreRefused(
    cutOff
      ? 'a restore into this database was cut off; drop it and restore into a new one'
      : `a backup goes into an empty database alone; this one has rows in ${filled.join(', ')}`,
  )
}

/** The rows that were inserted, by table. */
async function fill({ directory, database, onProgress }: RestoreRequest): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  let batch: Batch | undefined
  const insert = async () => {
    if (!batch || batch.rows.length === 0) return
    const { name } = batch.table
    await database.transact([database.query.insertInto(name).values(batch.rows as never)])
    counts.set(name, (counts.get(name) ?? 0) + batch.rows.length)
    onProgress?.(name, counts.get(name) ?? 0)
  }
  let isHead = true
  for await (const lines of readLines(join(directory, TABLES_FILE))) {
    for (const line of lines) {
      if (isHead) isHead = false
      else if (line.startsWith('{')) {
        await insert()
        batch = newBatch(JSON.parse(line))
      } else if (batch) {
        addTo(batch, line)
        if (isFull(batch)) {
          await insert()
          batch = { ...batch, rows: [], characters: 0 }
        }
      }
    }
  }
  await insert()
  return counts
}

interface Batch {
  table: BackupTable
  columns: readonly string[]
  rows: Record<string, unknown>[]
  characters: number
}

function newBatch({ table: name, columns }: { table: string; columns: string[] }): Batch {
  const table = BACKUP_TABLES.find((known) => known.name === name)
  if (!table) throw new RestoreRefused(`the backup has a table ${name} that this release does not know`)
  return { table, columns, rows: [], characters: 0 }
}

function addTo(batch: Batch, line: string): void {
  const values = JSON.parse(line) as unknown[]
  const cell = (column: string, index: number) => {
    const value = values[index]
    const isBytes = batch.table.bytes.includes(column) && value !== null
    return [column, isBytes ? Buffer.from(value as string, 'base64') : value]
  }
  batch.rows.push(Object.fromEntries(batch.columns.map(cell)))
  batch.characters += line.length
}

function isFull({ rows, columns, characters }: Batch): boolean {
  return (rows.length + 1) * columns.length > MOST_PARAMETERS || characters > MOST_CHARACTERS
}
