import { Readable } from 'node:stream'
import type { ErrorCount } from '../../bounces/acting/error-count.ts'
import type { DeliveryAnswer } from '../../delivery/accept/delivery-request.ts'
import type { DeliveryView } from '../../messages/delivery-store.ts'
import { type DeliveryProgress, progressOf } from '../../messages/reading/delivery-progress.ts'
import type { MessageView } from '../../messages/reading/message-view.ts'
import type { MessageState } from '../../storage/mail-tables.ts'
import type { StopRequest } from '../../suppression/reading/requests.ts'
import type { OpaquePart } from '../../unsubscribe/read-opaque.ts'

/** RFC 3339 to the second, at the offset that the zone has then. */
function encodeTime(time: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(time).toString({ timeZone, fractionalSecondDigits: 0 })
}

export function encodeRequester(
  { address, messageId, requestedAt, excluded }: StopRequest,
  timeZone: string,
) {
  return {
    message_id: messageId ?? '',
    message_to: address,
    datetime: encodeTime(requestedAt, timeZone),
    filtered: excluded ? 1 : 0,
  }
}

/** No address is known for it, so nobody is filtered. */
export function encodeOpaque({ part, receivedAt }: OpaquePart, timeZone: string) {
  return { opaque_part: part, datetime: encodeTime(receivedAt, timeZone), filtered: 0 }
}

/** A JSON object whose last member is an array, written page by page as fast as the client reads. */
export function jsonWithRows<T>(
  head: Record<string, string>,
  member: string,
  pages: AsyncIterable<readonly T[]>,
  encode: (row: T) => object,
): Readable {
  async function* write() {
    yield `{${Object.entries(head)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},`)
      .join('')}${JSON.stringify(member)}:[`
    let between = ''
    for await (const page of pages) {
      if (page.length === 0) continue
      yield between + page.map((row) => JSON.stringify(encode(row))).join(',')
      between = ','
    }
    yield ']}'
  }
  return Readable.from(write())
}

export function encodeAnswer({ id, accepted }: DeliveryAnswer, requestId: string | undefined) {
  return {
    delivery_id: String(id),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    exec_cnt: accepted,
  }
}

export function encodeDelivery(delivery: DeliveryView) {
  const { id, requestId, messages } = delivery
  return {
    delivery_id: String(id),
    request_id: requestId ?? '',
    status: STATUSES[progressOf(delivery)],
    sent_cnt: (messages.sent ?? 0) + (messages.kept ?? 0),
    error_cnt: messages.failed ?? 0,
  }
}

/** `sending` and `deleted` are the vendor's words. */
const STATUSES: Record<DeliveryProgress, string> = {
  waiting: 'waiting',
  sending: 'sending',
  done: 'completed',
  failed: 'failed',
  cancelled: 'deleted',
}

const RESULTS: Record<MessageState, string> = {
  queued: 'waiting',
  sending: 'sending',
  sent: 'success',
  kept: 'success',
  failed: 'error',
  excluded: 'filtered',
  cancelled: 'deleted',
}

const TYPES = { cc: 'CC', bcc: 'BCC' } as const

export function encodeResult(message: MessageView, from: string, timeZone: string) {
  const { to, copyAs, state, reply, reason, updatedAt } = message
  return {
    type: copyAs === null ? 'To' : TYPES[copyAs],
    address: to,
    from,
    result: RESULTS[state],
    message: reply ?? reason ?? '',
    update_date: encodeTime(updatedAt, timeZone),
  }
}

export function encodeErrorCount({ address, count, registeredAt, updatedAt }: ErrorCount, timeZone: string) {
  return {
    address,
    count,
    registered_date: encodeTime(registeredAt, timeZone),
    update_date: encodeTime(updatedAt, timeZone),
  }
}
