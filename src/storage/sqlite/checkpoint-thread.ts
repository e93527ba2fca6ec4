import { closeSync, fstatSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setInterval } from 'node:timers'
import { parentPort, workerData } from 'node:worker_threads'
import { allPages, clearGaps } from './clear-gaps.ts'
import { FRAME_HEADER_BYTES, LOG_HEADER_BYTES, readsLogPages } from './log-pages.ts'
import { PageSet } from './page-set.ts'
import type { CheckpointOptions, Reply, Task } from './protocol.ts'

/*
 * Carries the write-ahead log over into the database beside the writer, which would otherwise stop for it in the middle
 * of a commit. A passive checkpoint holds nobody up; under constant load it never reaches the log's end, and what it
 * carried over is written over without the file growing. So a log that has grown long is now and then carried over to
 * its end, for which the writer waits while the short rest is; the log then begins anew. So is any other log, since it
 * still tells what was deleted, and the pages that it wrote are cleared of what SQLite leaves on them (`page-gap.ts`).
 */
const LOOK_MS = 200
const WORTH_BYTES = 16 * 1024 * 1024
const LONG_BYTES = 128 * 1024 * 1024
/** `begin` alone reads nothing yet, and holds nothing. */
const READING = 'begin; select 1 from sqlite_schema limit 1'

const port = parentPort
if (!port) throw new Error('checkpoint-thread.ts runs as a worker thread')

const { file, cacheKib, database, wasAbandoned, clearEveryMs = 10 * 60_000 } = workerData as CheckpointOptions
const connection = open()
connection.exec(`pragma cache_size = -${cacheKib}`)
/** Keeps the log as it is while it is looked at. A log that it begins anew is cut off there. */
const holding = open()
holding.exec('pragma journal_size_limit = 0')
const log = openSync(`${file}-wal`, 'r')

const { page_size: pageSize } = connection.prepare('pragma page_size').get() as { page_size: number }
const emptyLogBytes = LOG_HEADER_BYTES + FRAME_HEADER_BYTES + pageSize
const readLogPages = readsLogPages(log, pageSize)
/** Those that were written and not cleared since. */
const written = new PageSet()
/** A process that died may have written others. */
let isWrittenKnown = !wasAbandoned
let carried = 0
let clearedAt = performance.now()
let failures = 0

const timer = setInterval(() => {
  try {
    look()
    failures = 0
  } catch (error) {
    // What the log holds is not lost, and it is looked at again: the disk may have been full.
    failures++
    if (/^10*$/.test(String(failures))) process.emitWarning(error as Error)
  }
}, LOOK_MS)

port.on('message', ({ id }: Task) => {
  clearInterval(timer)
  try {
    clear()
  } finally {
    for (const each of [holding, connection]) each.close()
    closeSync(log)
    port.postMessage({ id, results: [] } satisfies Reply)
    port.close()
  }
})

function open(): DatabaseSync {
  // A long snapshot keeps the log from being carried over; the writer must not wait for its end.
  const connection = new DatabaseSync(file, { timeout: 100 })
  connection.exec('pragma synchronous = full')
  return connection
}

function look(): void {
  const { size } = fstatSync(log)
  if (size < carried) carried = 0
  const isDue = (size > emptyLogBytes || !isWrittenKnown) && performance.now() - clearedAt > clearEveryMs
  if (size - carried < WORTH_BYTES && !isDue) return
  const isCarried = carryOver()
  carried = size
  if (isCarried && (size > LONG_BYTES || isDue) && clear()) clearedAt = performance.now()
}

/** False when somebody still reads what the database was before. */
function carryOver(): boolean {
  // Reading, it lets nobody begin the log anew, nor anything be carried over that came later.
  return during(READING, () => {
    const frames = readLogPages(written)
    return checkpoint() >= frames
  })
}

function checkpoint(): number {
  const { checkpointed } = connection.prepare('pragma wal_checkpoint(passive)').get() as unknown as Carried
  return checkpointed
}

interface Carried {
  busy: number
  log: number
  checkpointed: number
}

/** Clears pages of the database itself, once all of the log has been carried over; false when that could not be. */
function clear(): boolean {
  try {
    const isWhole = during('begin immediate', () => {
      if (checkpoint() < readLogPages(written)) return false
      // Of a log that was carried over as a whole no reader needs anything: this one keeps it from being carried over again.
      connection.exec(READING)
      return true
    })
    if (!isWhole) return false
    const { size } = fstatSync(log)
    clearGaps(database, pageSize, isWrittenKnown ? written : allPages(database, pageSize))
    written.clear()
    isWrittenKnown = true
    connection.exec('rollback')
    // Whoever writes next begins the log anew; where nobody does, this does.
    if (fstatSync(log).size === size) {
      during('begin immediate', () => holding.exec('pragma user_version = 0; commit'))
    }
    return true
  } finally {
    if (connection.isTransaction) connection.exec('rollback')
  }
}

/** False when the writer, or somebody else, did not make room in time. */
function during<T>(begin: string, work: () => T): T | false {
  try {
    try {
      holding.exec(begin)
    } catch {
      return false
    }
    return work()
  } finally {
    if (holding.isTransaction) holding.exec('rollback')
  }
}
