import { closeSync, openSync, statSync } from 'node:fs'
import type { Compilable } from 'kysely'
import { compilerFor } from '../compiler.ts'
import type { Commit, Database, Reader, Results } from '../database.ts'
import { DatabaseUnavailable } from '../database-errors.ts'
import type { Statement } from './protocol.ts'
import { cellsStatement } from './read-cells.ts'
import { startThread, type Thread } from './thread.ts'

const READERS = 2
const WRITER_CACHE_KIB = 64 * 1024
const READER_CACHE_KIB = 16 * 1024
const CHECKPOINT_CACHE_KIB = 2 * 1024

/**
 * Opens the embedded engine: one writer thread, two readers at most and one that checkpoints, so that nothing blocks
 * the event loop and no export blocks a POST. WAL with `synchronous=full`: committed means on disk. What is deleted may
 * be found in the files for `clearEveryMs`, or while a snapshot is read.
 */
export async function openSqlite(file: string, clearEveryMs?: number): Promise<Database> {
  const wasAbandoned = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  const writer = startThread('writer-thread', { file, cacheKib: WRITER_CACHE_KIB })
  // The readers open read-only and need the file to be there, in WAL mode.
  await writer.run([]).catch((error) => {
    throw cannotOpen(file, error)
  })
  const database = openSync(file, 'r+')
  const checkpoint = startThread('checkpoint-thread', {
    ...{ file, cacheKib: CHECKPOINT_CACHE_KIB },
    ...{ database, wasAbandoned, clearEveryMs },
  })
  const reader = { file, cacheKib: READER_CACHE_KIB }
  let readers = [startThread('reader-thread', reader)]
  let snapshots = 0
  let isLeft = false
  let closed: Promise<void> | undefined
  /**
   * Another reader is started once the existing ones are busy: a command that reads one thing after another needs only
   * one.
   */
  const leastBusy = () => {
    if (!closed) readers = readers.filter(({ gone }) => !gone)
    const isIdle = readers.some(({ pending }) => pending === 0)
    if (!isIdle && readers.length < READERS && !closed) readers.push(startThread('reader-thread', reader))
    return readers.reduce((one, other) => (other.pending < one.pending ? other : one))
  }
  /** Without it the log would grow until the disk is full. */
  const refuseUncarried = () => {
    if (checkpoint.gone && !closed) throw checkpoint.gone
  }
  const closeThreads = async () => {
    await Promise.allSettled([...readers, writer].map((thread) => thread.close()))
    // The last connection to close moves the log into the file. A thread that has failed is closed.
    await checkpoint.close().catch(() => {})
    isLeft = true
    closeFile()
  }
  const closeFile = () => {
    if (isLeft && snapshots === 0) closeSync(database)
  }
  return {
    engine: 'sqlite',
    query: compilerFor('sqlite'),
    waiting: () => writer.pending,
    read: (statement) => readOn(leastBusy(), statement),
    readCells: async (select, columns) => {
      const [rows] = await leastBusy().run([cellsStatement(select.compile(), columns)])
      return JSON.parse((rows as [{ rows: string }])[0].rows)
    },
    transact: async <const S extends readonly Compilable[]>(statements: S, commit?: Commit) => {
      refuseUncarried()
      return (await writer.run(statements.map(compile), commit)) as Results<S>
    },
    snapshot: async (work) => {
      if (closed) throw new DatabaseUnavailable('the database is closed')
      snapshots++
      try {
        return await inSnapshot(startThread('reader-thread', reader), work)
      } finally {
        snapshots--
        closeFile()
      }
    },
    close: () => {
      closed ??= closeThreads()
      return closed
    },
  }
}

/** For whoever has to see to the file: what is wrong with it. */
function cannotOpen(file: string, error: Error): DatabaseUnavailable {
  const { message } = error.cause instanceof Error ? error.cause : error
  return new DatabaseUnavailable(`${file} cannot be opened (${message})`, { cause: error })
}

function compile(statement: Compilable): Statement {
  const { sql, parameters } = statement.compile()
  return { sql, parameters }
}

async function readOn<R>(thread: Thread, statement: Compilable<R>): Promise<R[]> {
  const [rows] = await thread.run([compile(statement)])
  return rows as R[]
}

async function inSnapshot<T>(thread: Thread, work: (reader: Reader) => Promise<T>): Promise<T> {
  try {
    // `begin` alone takes no snapshot in SQLite; the first read does.
    await thread.run([
      { sql: 'begin', parameters: [] },
      { sql: 'select 1 from sqlite_schema limit 1', parameters: [] },
    ])
    return await work({ read: (statement) => readOn(thread, statement) })
  } finally {
    await thread.close()
  }
}
