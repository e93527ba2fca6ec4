import {
  type ErasedOfSite,
  type RecogniseErased,
  recogniseErased,
} from '../../suppression/erased/recognise-erased.ts'
import { erasedIn } from '../erased/masked.ts'
import { type ReadFile, type ReadRequest, type Reject, readFile } from './read-file.ts'
import { answerFromThread } from './read-in-thread.ts'
import type { Recipients } from './recipients.ts'

/*
 * Reads one file and hands its recipients out, some at a time, whenever it is asked. Sorting a million addresses takes
 * a second, which the main thread does not have, and so does hashing them to recognise erased people; and the memory
 * goes with the thread.
 */

export interface ReadTask extends ReadRequest {
  file: string
  /** Erased people, whose hashes are handed out in place of their addresses. */
  erased: ErasedOfSite | undefined
}

export type Piece = { chunks: Chunk[] } | { rejects: ReadFile['rejects'] }

export interface FileSummary {
  encoding: string
  rows: number
  repeated: number
  skipped: number
  lapsed: number
  recipients: number
  chunks: number
  /** Which known export it is. */
  known: string | null
  /** Its recipients by list, a long list in several parts; the chunks of each part are consecutive. */
  parts: Part[]
}

export interface Part {
  /** Undefined when the whole file goes to one list. */
  list: string | undefined
  firstChunk: number
  chunks: number
  recipients: number
}

export interface Chunk {
  number: number
  recipients: number
  /** As `ImportChunkTable` says. */
  rowsJson: string
}

/** Applying this many takes some 30 ms: requests to stop that come meanwhile wait no longer than that. */
const RECIPIENTS_PER_CHUNK = 2_500
/** Parts of a list are applied side by side: the shorter they are, the less is left at the end for one worker alone. */
const CHUNKS_PER_PART = 20
const CHUNKS_PER_ANSWER = 8
const REJECTS_PER_ANSWER = 5_000

answerFromThread(
  ({ file, erased, ...request }: ReadTask): { summary: FileSummary; pieces: Iterable<Piece> } => {
    const read = readFile(file, request)
    const lists = listsOf(read)
    const parts = lists.flatMap(partsOf)
    const summary = {
      encoding: read.encoding,
      known: read.known,
      rows: read.rows,
      repeated: read.repeated,
      skipped: read.rejects.length,
      lapsed: read.lapsed,
      recipients: parts.reduce((sum, part) => sum + part.recipients, 0),
      chunks: parts.reduce((sum, part) => sum + part.chunks, 0),
      parts,
    }
    return { summary, pieces: piecesOf(read, lists, recogniseErased(erased)) }
  },
)

function* piecesOf(
  { rejects, recipients }: ReadFile,
  lists: readonly Part[],
  recognise: RecogniseErased,
): Generator<Piece> {
  for (let start = 0; start < rejects.length; start += REJECTS_PER_ANSWER) {
    const some = rejects.slice(start, start + REJECTS_PER_ANSWER)
    yield { rejects: some.map((reject) => maskedReject(reject, recognise)) }
  }
  for (const [index, some] of recipients.entries()) {
    const { firstChunk = 0, chunks = 0 } = lists[index] ?? {}
    for (let start = 0; start < chunks; start += CHUNKS_PER_ANSWER) {
      const length = Math.min(CHUNKS_PER_ANSWER, chunks - start)
      const chunk = (_: unknown, ahead: number) => chunkOf(some, firstChunk, start + ahead, recognise)
      yield { chunks: Array.from({ length }, chunk) }
    }
  }
}

function listsOf({ recipients }: ReadFile): Part[] {
  let firstChunk = 0
  return recipients.map(({ list, count }) => {
    const chunks = Math.ceil(count / RECIPIENTS_PER_CHUNK)
    const part = { list, firstChunk, chunks, recipients: count }
    firstChunk += chunks
    return part
  })
}

function partsOf({ list, firstChunk, chunks, recipients }: Part): Part[] {
  const perPart = CHUNKS_PER_PART * RECIPIENTS_PER_CHUNK
  return Array.from({ length: Math.ceil(chunks / CHUNKS_PER_PART) }, (_, index) => ({
    list,
    firstChunk: firstChunk + index * CHUNKS_PER_PART,
    chunks: Math.min(CHUNKS_PER_PART, chunks - index * CHUNKS_PER_PART),
    recipients: Math.min(perPart, recipients - index * perPart),
  }))
}

function chunkOf(
  { count, rowsJson }: Recipients,
  firstChunk: number,
  index: number,
  recognise: RecogniseErased,
): Chunk {
  const first = index * RECIPIENTS_PER_CHUNK
  const end = Math.min(count, first + RECIPIENTS_PER_CHUNK)
  return { number: firstChunk + index, recipients: end - first, rowsJson: rowsJson(first, end, recognise) }
}

/** A skipped row; without its text where that names somebody who was erased. */
function maskedReject(reject: Reject, recognise: RecogniseErased): Reject {
  const {
    number,
    text,
    reason: [code, ...found],
  } = reject
  const hash = erasedIn([text, ...found].join('\n'), recognise)
  return hash === undefined ? reject : { number, text: hash, reason: [code] }
}
