import { answerFromThread } from '../../imports/read-in-thread.ts'
import { readSubscribers } from './read-subscribers.ts'

/*
 * Reads one file of subscribers and hands its rows out, some at a time, whenever it is asked: decoding and parsing would hold
 * the main thread up.
 */

export interface ReadTask {
  file: string
  encoding: string | undefined
}

/** A commit of so many lets requests to stop go between. */
const ROWS_PER_BATCH = 500

answerFromThread(({ file, encoding }: ReadTask) => {
  const { batches, ...summary } = readSubscribers(file, encoding)
  return { summary, pieces: batches(ROWS_PER_BATCH) }
})
