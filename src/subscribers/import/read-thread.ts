import { parentPort, workerData } from 'node:worker_threads'
import { DomainError } from '../../kernel/domain-error.ts'
import { readSubscribers, type SubscriberFile } from './read-subscribers.ts'
import type { SubscriberRow } from './subscriber-rows.ts'

/*
 * Reads one file of subscribers and hands its rows out, some at a time, whenever it is asked: decoding and parsing would hold
 * the main thread up.
 */

export interface ReadTask {
  file: string
  encoding: string | undefined
}

export type Answer =
  | { refused: Pick<DomainError, 'code' | 'message' | 'field'> }
  | { summary: Omit<SubscriberFile, 'batches'> }
  | { rows: SubscriberRow[] }
  | 'end'

/** A commit of so many lets requests to stop go between. */
const ROWS_PER_BATCH = 500

const port = parentPort
if (!port) throw new Error('read-thread.ts runs as a worker thread')

const { file, encoding } = workerData as ReadTask
const answers = answer()
port.on('message', () => {
  const { value } = answers.next()
  port.postMessage(value satisfies Answer)
})

function* answer(): Generator<Answer, 'end'> {
  let read: SubscriberFile
  try {
    read = readSubscribers(file, encoding)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message, field } = error
    yield { refused: { code, message, field } }
    return 'end'
  }
  const { batches, ...summary } = read
  yield { summary }
  for (const rows of batches(ROWS_PER_BATCH)) yield { rows }
  return 'end'
}
