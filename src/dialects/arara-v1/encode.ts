import type { Service } from '../../tenants/service.ts'
import { cursorBehind, type DayRequest } from '../../unsubscribe/read-day.ts'
import { element, xmlDocument } from '../xml/write-xml.ts'
import { times } from './encode-times.ts'
import type { Refusal } from './errors.ts'

const MOST_OCTETS = 8_388_608

/** The result element of every operation that succeeds and says so. */
export const SUCCESS = element('result', '正常終了', { code: 0 })

/** The elements of a refusal, without the root around them. */
export function encodeErrors({ errors }: Pick<Refusal, 'errors'>): string[] {
  const each = errors.map(({ kind, code, message }) => element('error', message, { kind, code }))
  return [element('result', 'エラー', { code: 1 }), element('errors', each)]
}

/**
 * The requests of a day as a document of at most 8 MiB, cut off after a whole request; `next` then names the place
 * after it. Nothing beyond that is held in memory.
 */
export async function encodeDay(
  service: Service,
  headerFrom: string,
  requests: AsyncIterable<DayRequest>,
): Promise<{ document: string; next: string | undefined }> {
  const time = times(service)
  const frame = (each: readonly string[]) =>
    xmlDocument(
      element('response', [
        element('unsubscribers', [element('header_from', headerFrom), element('requesters', each)]),
      ]),
    )
  const requesters: string[] = []
  let octets = Buffer.byteLength(frame(['']))
  let last: DayRequest | undefined
  for await (const request of requests) {
    const requester = encodeRequest(request, time)
    octets += Buffer.byteLength(requester) + 1
    if (octets > MOST_OCTETS) return { document: frame(requesters), next: last && cursorBehind(last) }
    requesters.push(requester)
    last = request
  }
  return { document: frame(requesters), next: undefined }
}

/** For an opaque part there is no address that could be excluded, and no mail of ours. */
function encodeRequest(request: DayRequest, time: (time: number) => string): string {
  const isAddress = request.kind === 'address'
  return element('requester', [
    element('message_id', isAddress ? (request.messageId ?? '') : ''),
    element('message_to', isAddress ? request.address : ''),
    ...(isAddress ? [] : [element('opaque_part', request.part)]),
    element('datetime', time(request.requestedAt)),
    element('filtered', isAddress && request.excluded ? 1 : 0),
  ])
}
