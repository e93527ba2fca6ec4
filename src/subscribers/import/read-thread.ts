import { answerFromThread } from '../../imports/reading/read-in-thread.ts'
import { type ErasedOfSite, recogniseErased } from '../../suppression/erased/recognise-erased.ts'
import { readSubscribers } from './read-subscribers.ts'
import { type Batch, withoutErased } from './without-erased.ts'

/*
 * Reads one file of subscribers and hands its rows out, some at a time, whenever it is asked: decoding and parsing
 * would hold the main thread up, and so would hashing each address to recognise erased people.
 */

export interface ReadTask {
  file: string
  encoding: string | undefined
  /** Their rows are left out. */
  erased: ErasedOfSite | undefined
}

/** Commits of this size let requests to stop go in between. */
const ROWS_PER_BATCH = 500

answerFromThread(({ file, encoding, erased }: ReadTask) => {
  const { batches, ...summary } = readSubscribers(file, encoding)
  const recognise = recogniseErased(erased)
  return { summary, pieces: batches(ROWS_PER_BATCH).map((rows): Batch => withoutErased(rows, recognise)) }
})
