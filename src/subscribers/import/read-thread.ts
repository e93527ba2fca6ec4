import { answerFromThread } from '../../imports/reading/read-in-thread.ts'
import { type ErasedOfSite, recogniseErased } from '../../suppression/erased/recognise-erased.ts'
import { readSubscribers } from './read-subscribers.ts'
import { type Batch, withoutErased } from './without-erased.ts'

/*
 * Reads one file of subscribers and hands its rows out, some at a time, whenever it is asked: decoding and parsing would hold
 * the main thread up. So would hashing
 * each address, where it has to know people who were erased.
 */

export interface ReadTask {
  file: string
  encoding: string | undefined
  /** Their rows are left out. */
  erased: ErasedOfSite | undefined
}

/** A commit of so many lets requests to stop go between. */
const ROWS_PER_BATCH = 500

answerFromThread(({ file, encoding, erased }: ReadTask) => {
  const { batches, ...summary } = readSubscribers(file, encoding)
  const recognise = recogniseErased(erased)
  return { summary, pieces: batches(ROWS_PER_BATCH).map((rows): Batch => withoutErased(rows, recognise)) }
})
