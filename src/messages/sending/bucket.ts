/**
 * Messages are spread over buckets: a worker leases buckets, and a distributed database places rows by them. The number
 * can change; a message keeps the bucket that it was given.
 */
export const BUCKETS = 64

export function bucketOf(messageId: number): number {
  return messageId % BUCKETS
}
