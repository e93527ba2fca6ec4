import { parentPort, workerData } from 'node:worker_threads'
import { DomainError } from '../kernel/domain-error.ts'
import { type FileFormat, type ReadFile, readFile } from './read-file.ts'

/*
 * Reads one file and hands its recipients out, some at a time, whenever it is asked. Sorting a million addresses takes a
 * second, which the main thread does not have; and the memory goes with the thread.
 */

export interface ReadTask {
  file: string
  format: FileFormat
  encoding: string | undefined
}

export type Answer =
  | { refused: Pick<DomainError, 'code' | 'message' | 'field'> }
  | { summary: FileSummary }
  | { chunks: Chunk[] }
  | { rejects: ReadFile['rejects'] }
  | 'end'

export interface FileSummary {
  encoding: string
  rows: number
  repeated: number
  skipped: number
  recipients: number
  chunks: number
}

export interface Chunk {
  number: number
  recipients: number
  /** An array of `Recipient` as JSON. */
  rowsJson: string
}

/** Applying so many takes some 30 ms: requests to stop that come meanwhile wait no longer than that. */
const RECIPIENTS_PER_CHUNK = 2_500
const CHUNKS_PER_ANSWER = 8
const REJECTS_PER_ANSWER = 5_000

const port = parentPort
if (!port) throw new Error('read-thread.ts runs as a worker thread')

const { file, format, encoding } = workerData as ReadTask
const answers = answer()
port.on('message', () => {
  const { value } = answers.next()
  port.postMessage(value satisfies Answer)
})

function* answer(): Generator<Answer, 'end'> {
  let read: ReadFile
  try {
    read = readFile(file, format, encoding)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message, field } = error
    yield { refused: { code, message, field } }
    return 'end'
  }
  const { rejects, keys, recipientOf } = read
  const count = Math.ceil(keys.length / RECIPIENTS_PER_CHUNK)
  yield {
    summary: {
      encoding: read.encoding,
      rows: read.rows,
      repeated: read.repeated,
      skipped: rejects.length,
      recipients: keys.length,
      chunks: count,
    },
  }
  for (let start = 0; start < rejects.length; start += REJECTS_PER_ANSWER) {
    yield { rejects: rejects.slice(start, start + REJECTS_PER_ANSWER) }
  }
  for (let start = 0; start < count; start += CHUNKS_PER_ANSWER) {
    const numbers = Array.from(
      { length: Math.min(CHUNKS_PER_ANSWER, count - start) },
      (_, index) => start + index,
    )
    yield {
      chunks: numbers.map((number) => {
        const first = number * RECIPIENTS_PER_CHUNK
        const recipients = keys.slice(first, first + RECIPIENTS_PER_CHUNK).map(recipientOf)
        return { number, recipients: recipients.length, rowsJson: JSON.stringify(recipients) }
      }),
    }
  }
  return 'end'
}
