import { Worker } from 'node:worker_threads'
import { moduleUrl } from '../../kernel/module-url.ts'
import type { Commit } from '../database.ts'
import { DatabaseUnavailable, DiskFull, UniqueViolation } from '../database-errors.ts'
import {
  type CheckpointOptions,
  type Failure,
  type Reply,
  type Statement,
  type ThreadOptions,
  toRows,
} from './protocol.ts'

/** A worker thread with a SQLite connection of its own. */
export interface Thread {
  /** Tasks handed over and not yet answered. */
  readonly pending: number
  /** Why it has ended, once it has. */
  readonly gone: Error | undefined
  run(statements: Statement[], commit?: Commit): Promise<unknown[][]>
  close(): Promise<void>
}

interface Waiting {
  resolve(results: unknown[][]): void
  reject(error: Error): void
}

/** What a thread passes on is short-lived; left to itself, each would keep a heap for far more. */
const YOUNG_GENERATION_MIB = 8

export function startThread(
  name: 'reader-thread' | 'writer-thread' | 'checkpoint-thread',
  options: ThreadOptions | CheckpointOptions,
): Thread {
  const worker = new Worker(moduleUrl(`./${name}`, import.meta.url), {
    workerData: options,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let gone: Error | undefined

  worker.on('message', (reply: Reply) => {
    const task = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('failure' in reply) task?.reject(toError(reply.failure))
    else task?.resolve(reply.results.map(toRows))
  })
  const end = (error: Error) => {
    gone ??= error
    for (const task of waiting.values()) task.reject(error)
    waiting.clear()
  }
  worker.on('error', (error) => end(new DatabaseUnavailable('the SQLite thread failed', { cause: error })))
  worker.on('exit', () => end(new DatabaseUnavailable('the SQLite thread has ended')))

  const post = (task: object) =>
    new Promise<unknown[][]>((resolve, reject) => {
      if (gone) return reject(gone)
      const id = ++lastId
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, ...task })
    })

  return {
    get pending() {
      return waiting.size
    },
    get gone() {
      return gone
    },
    run: (statements, { flush } = { flush: 'now' }) => post({ statements, flush }),
    close: async () => {
      if (gone) return
      await post({ close: true })
      await worker.terminate()
    },
  }
}

// https://www.sqlite.org/rescode.html: extended codes for the keys, primary codes (the low byte) for the rest.
const UNIQUE_CODES = new Set([1555, 2067])
/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the index of the log cannot grow. */
const FULL_CODES = new Set([13, 4874])
const REFUSING_CODES = new Set([5, 6, 7, 8, 10, 13, 14])

function toError({ message, resultCode }: Failure): Error {
  if (resultCode === undefined) return new Error(message)
  if (UNIQUE_CODES.has(resultCode)) return new UniqueViolation(message)
  if (FULL_CODES.has(resultCode)) return new DiskFull(message)
  if (REFUSING_CODES.has(resultCode & 0xff)) return new DatabaseUnavailable(message)
  return new Error(`SQLite: ${message}`)
}
