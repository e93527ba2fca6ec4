import type { ApiClient } from '../api-client.ts'
import { Failure, mistake } from '../failure.ts'
import { startProgress } from '../progress.ts'
import type { Recipient } from '../recipients.ts'

/** What was accepted, summed over all deliveries. */
export interface Sent {
  deliveries: number[]
  accepted: number
  /** How many recipients each list excluded. */
  excluded: Record<string, number>
  malformed: string[]
  /** How many were repeats within a delivery and were left out. */
  duplicates: number
}

interface Accepted extends Omit<Sent, 'deliveries'> {
  id: number
}

/**
 * Makes a delivery of each batch. The request id of the second ends in `-2`, and so on, so that repeating a command
 * that was cut off continues where it ended. Rejects with a Failure that names the deliveries already accepted.
 */
export async function acceptAll(
  api: ApiClient,
  path: string,
  mail: { requestId: string | undefined },
  batches: Iterable<Recipient[]> | AsyncIterable<Recipient[]>,
): Promise<Sent> {
  const sent: Sent = { deliveries: [], accepted: 0, excluded: {}, malformed: [], duplicates: 0 }
  const progress = startProgress()
  try {
    for await (const recipients of batches) {
      const requestId = numbered(mail.requestId, sent.deliveries.length + 1)
      add(sent, await api.post<Accepted>(path, { ...mail, requestId, recipients }))
      progress.show(`${sent.accepted} accepted`)
    }
  } catch (error) {
    throw sent.deliveries.length > 0 && error instanceof Failure ? cutOff(sent, error) : error
  } finally {
    progress.end()
  }
  if (sent.deliveries.length === 0) throw mistake('no recipient was given')
  return sent
}

function numbered(requestId: string | undefined, number: number): string | undefined {
  return requestId === undefined || number === 1 ? requestId : `${requestId}-${number}`
}

function add(sent: Sent, { id, accepted, excluded, malformed, duplicates }: Accepted): void {
  sent.deliveries.push(id)
  sent.accepted += accepted
  sent.duplicates += duplicates
  sent.malformed.push(...malformed)
  for (const [list, count] of Object.entries(excluded)) {
    sent.excluded[list] = (sent.excluded[list] ?? 0) + count
  }
}

function cutOff({ deliveries, accepted }: Sent, error: Failure): Failure {
  const before = `${accepted} recipients before were accepted (delivery ${deliveries.join(', ')})`
  return new Failure(error.exitCode, `${error.message}\n${before}`, { cause: error })
}
