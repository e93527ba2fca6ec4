import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setInterval } from 'node:timers'
import { parentPort, workerData } from 'node:worker_threads'
import type { Reply, Task, ThreadOptions } from './protocol.ts'

/*
 * Carries the write-ahead log over into the database beside the writer, which would otherwise stop for it in the middle of a
 * commit. A passive checkpoint holds nobody up; under constant load it never reaches the log's end, and what it carried over
 * is written over without the file growing. So a log that has grown long is then truncated, for which the writer
 * waits while the short rest is carried over; and so is any other now and then, since it still tells what was deleted.
 */
const LOOK_MS = 200
const WORTH_BYTES = 16 * 1024 * 1024
const LONG_BYTES = 128 * 1024 * 1024

const port = parentPort
if (!port) throw new Error('checkpoint-thread.ts runs as a worker thread')

const { file, cacheKib, truncateEveryMs = 10 * 60_000 } = workerData as ThreadOptions
// A long snapshot keeps the log from being truncated; the writer must not wait for its end.
const connection = new DatabaseSync(file, { timeout: 100 })
connection.exec(`pragma synchronous = full; pragma cache_size = -${cacheKib}`)

let carried = 0
let truncatedAt = performance.now()
const timer = setInterval(() => {
  const { size = 0 } = statSync(`${file}-wal`, { throwIfNoEntry: false }) ?? {}
  if (size < carried) carried = 0
  const isDue = size > 0 && performance.now() - truncatedAt > truncateEveryMs
  if (size - carried < WORTH_BYTES && !isDue) return
  connection.exec('pragma wal_checkpoint(passive)')
  if (size > LONG_BYTES || isDue) {
    connection.exec('pragma wal_checkpoint(truncate)')
    truncatedAt = performance.now()
  }
  carried = size
}, LOOK_MS)

port.on('message', ({ id }: Task) => {
  clearInterval(timer)
  connection.close()
  port.postMessage({ id, results: [] } satisfies Reply)
  port.close()
})
