import type { MessageTable } from '../storage/mail-tables.ts'
import { bucketOf } from './sending/bucket.ts'

const COMPOSED = /^[1-9]\d{0,14}\.([1-9]\d{0,14})@/

/** The message that one of our own Message-IDs names; undefined when it is somebody else's. */
export function composedMessage(messageId: string): Pick<MessageTable, 'bucket' | 'id'> | undefined {
  const id = Number(COMPOSED.exec(messageId)?.[1])
  return Number.isSafeInteger(id) ? { bucket: bucketOf(id), id } : undefined
}
