import { closeSync, fstatSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setInterval } from 'node:timers'
import { parentPort, workerData } from 'node:worker_threads'
import { allPages, clearGaps } from './clear-gaps.ts'
import { FRAME_HEADER_BYTES, LOG_HEADER_BYTES, readsLogPages } from './log-pages.ts'
import { PageSet } from './page-set.ts'
import type { Reply, Task, ThreadOptions } from './protocol.ts'

/*
 * Carries the write-ahead log over into the database beside the writer, which would otherwise stop for it in the middle of a
 * commit. A passive checkpoint holds nobody up; under constant load it never reaches the log's end, and what it carried over
 * is written over without the file growing. So a log that has grown long is now and then carried over to its end, for which
 * the writer waits while the short rest is; the log then begins anew. So is any other log, since it still tells what was deleted,
 * and the pages that it wrote are cleared of what SQLite leaves on them (`page-gap.ts`).
 */
const LOOK_MS = 200
const WORTH_BYTES = 16 * 1024 * 1024
const LONG_BYTES = 128 * 1024 * 1024
/** `begin` alone reads nothing yet, and holds nothing. */
const READING = 'begin; select 1 from sqlite_schema limit 1'

const port = parentPort
if (!port) throw new Error('checkpoint-thread.ts runs as a worker thread')

const { file, cacheKib, clearEveryMs = 10 * 60_000 } = workerData as ThreadOptions
const connection = open()
connection.exec(`pragma cache_size = -${cacheKib}`)
/** Keeps the log as it is while it is looked at. A log that it begins anew is cut off there. */
const holding = open()
holding.exec('pragma journal_size_limit = 0')
// Closing a file gives up every lock that this process has on it (https://www.sqlite.org/howtocorrupt.html, "2.2"): last of all.
const [database, log] = [openSync(file, 'r+'), openSync(`${file}-wal`, 'r')]

const { page_size: pageSize } = connection.prepare('pragma page_size').get() as { page_size: number }
const emptyLogBytes = LOG_HEADER_BYTES + FRAME_HEADER_BYTES + pageSize
const readLogPages = readsLogPages(log, pageSize)
/** Those that were written and not cleared since. */
const written = new PageSet()
/** A process that died may have left others. */
let isClearedWhole = false
let carried = 0
let clearedAt = performance.now()

const timer = setInterval(() => {
  try {
    look()
  } catch {
    // The disk may have been full: what the log holds is not lost, and it is looked at again.
  }
}, LOOK_MS)

port.on('message', ({ id }: Task) => {
  clearInterval(timer)
  try {
    clear(written)
  } finally {
    for (const each of [holding, connection]) each.close()
    for (const each of [database, log]) closeSync(each)
    port.postMessage({ id, results: [] } satisfies Reply)
    port.close()
  }
})

function look(): void {
  const { size } = fstatSync(log)
  if (size < carried) carried = 0
  const isDue = (size > emptyLogBytes || !isClearedWhole) && performance.now() - clearedAt > clearEveryMs
  if (size - carried < WORTH_BYTES && !isDue) return
  const isCarried = carryOver()
  carried = size
  if (!isCarried || !(size > LONG_BYTES || isDue)) return
  if (!clear(isClearedWhole ? written : allPages(database, pageSize))) return
  isClearedWhole = true
  clearedAt = performance.now()
}

/** A long snapshot keeps the log from being carried over; the writer must not wait for its end. */
function open(): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: 100 })
  connection.exec('pragma synchronous = full')
  return connection
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
function clear(pages: Iterable<number>): boolean {
  const isWhole = during('begin immediate', () => {
    const isWhole = checkpoint() >= readLogPages(written)
    // Of a log that was carried over as a whole no reader needs anything: this one keeps it from being carried over again.
    if (isWhole) connection.exec(READING)
    return isWhole
  })
  if (!isWhole) return false
  const { size } = fstatSync(log)
  try {
    clearGaps(database, pageSize, pages)
    written.clear()
  } finally {
    connection.exec('rollback')
  }
  // Whoever writes next begins the log anew; where nobody does, this does.
  if (fstatSync(log).size === size) {
    during('begin immediate', () => holding.exec('pragma user_version = 0; commit'))
  }
  return true
}

/** False when the writer did not make room in time. */
function during<T>(begin: string, work: () => T): T | false {
  try {
    holding.exec(begin)
  } catch {
    return false
  }
  try {
    return work()
  } finally {
    if (holding.isTransaction) holding.exec('rollback')
  }
}
