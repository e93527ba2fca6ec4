import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import { readInput } from '../../kernel/mistakes.ts'
import { type Session, sessionOf } from './access.ts'
import { decodeDeliveryId, decodeMinute } from './decode.ts'
import { decodeDelivery, inDelivery } from './decode-send.ts'
import { encodeAnswer, encodeDelivery, encodeResult, jsonWithRows } from './encode.ts'
import { describe, toRefusal } from './errors.ts'
import type { AraraV2Parts, SendRequest } from './parts.ts'
import { deliveriesQuery, sendRequest } from './schemas.ts'

const BODY_LIMIT = 32 * 1_024 * 1_024
const MOST_ITEMS = 4_000
const MINUTE_MS = 60_000

type Params = { Params: { id: string } }

/** Deliveries: sent, looked at, cancelled. */
export function sendRoutes(scope: FastifyInstance, parts: AraraV2Parts): void {
  scope.post('', { bodyLimit: BODY_LIMIT }, async (request) => {
    const session = sessionOf(request)
    const { delivery } = readInput(sendRequest, request.body)
    // All of them are decoded before the first is sent: if one cannot be decoded, nothing is sent.
    const decoded = await Promise.all(
      delivery.map((one, index) => inDelivery(index, () => decodeDelivery(one))),
    )
    return { items: await sendAll(parts, session, decoded, request.log) }
  })

  scope.get('', async (request) => {
    const { service } = sessionOf(request)
    const { request_id: requestId, timemin, timemax } = readInput(deliveriesQuery, request.query)
    if (requestId !== undefined) {
      return { items: (await parts.findByRequest(service, requestId)).map(encodeDelivery) }
    }
    if (timemin === undefined || timemax === undefined) {
      throw invalid(timemin === undefined ? 'timemin' : 'timemax', 'is needed without request_id')
    }
    const from = decodeMinute(timemin, 'timemin')
    // Both minutes are included.
    const to = decodeMinute(timemax, 'timemax') + MINUTE_MS
    if (to <= from) throw invalid('timemax', 'must not be before timemin')
    return { items: (await parts.findAccepted(service, { from, to }, MOST_ITEMS)).map(encodeDelivery) }
  })

  scope.get<Params>('/:id', async (request) => {
    const { service } = sessionOf(request)
    return { items: [encodeDelivery(await parts.findDelivery(service, decodeDeliveryId(request.params.id)))] }
  })

  scope.delete<Params>('/:id', async (request) => {
    const { service, actor } = sessionOf(request)
    const { id } = await parts.cancel(service, decodeDeliveryId(request.params.id), actor)
    return { items: [{ delivery_id: String(id) }] }
  })

  scope.get<Params>('/:id/results', async (request, reply) => {
    const { service } = sessionOf(request)
    const { from, pages } = await parts.results(service, decodeDeliveryId(request.params.id))
    const encode = (row: Parameters<typeof encodeResult>[0]) => encodeResult(row, from, service.timeZone)
    return reply.type('application/json; charset=utf-8').send(jsonWithRows({}, 'items', pages, encode))
  })
}

/**
 * Sends one after another. When none of them could be sent, the first one's error is the answer; when others were, the
 * item says why it was not, even for a failure of ours: repeating the call would send the others twice.
 */
async function sendAll(
  parts: AraraV2Parts,
  { service, actor }: Session,
  requests: readonly SendRequest[],
  log: FastifyBaseLogger,
) {
  const items: object[] = []
  const errors: unknown[] = []
  for (const [index, request] of requests.entries()) {
    const { requestId } = request
    try {
      const answer = await inDelivery(index, () => parts.send(service, request, actor))
      items.push(encodeAnswer(answer, requestId))
    } catch (error) {
      errors.push(error)
      const message = describe(toRefusal(error))
      items.push({ ...(requestId === undefined ? {} : { request_id: requestId }), message })
    }
  }
  if (errors.length === requests.length) throw errors[0]
  for (const err of errors) {
    if (!(err instanceof DomainError)) log.error({ err }, 'a delivery of a request failed')
  }
  return items
}
