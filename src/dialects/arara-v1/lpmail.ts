import { authorise, type Need } from '../../access/authorise.ts'
import { DomainError, invalid } from '../../kernel/domain-error.ts'
import type { XmlElement } from '../xml/read-xml.ts'
import { element, xmlDocument } from '../xml/write-xml.ts'
import {
  childrenOf,
  deliveryIdOf,
  minuteOf,
  readRequestId,
  requestIdOf,
  requiredText,
  textOf,
} from './decode.ts'
import { decodeReservation } from './decode-reservation.ts'
import { encodeErrors, SUCCESS } from './encode.ts'
import { encodeReserved, encodeResult, encodeStatus, encodeStatusData } from './encode-deliveries.ts'
import { named, toRefusal } from './errors.ts'
import type { Operations } from './operation.ts'
import type { AraraV1Parts, SignedIn } from './parts.ts'

const BODY_LIMIT = 16 * 1_024 * 1_024
const MOST_DELIVERIES = 100
/** Rows of results in one answer, for whatever number of deliveries. */
const MOST_ROWS = 20_000
/** As API v2 has it. */
const MOST_STATUSES = 4_000

/** What it takes to carry out one `delivery` of a request. */
interface Call {
  parts: AraraV1Parts
  signedIn: SignedIn
  delivery: XmlElement
  /** From the vendor's queueing mode, for a delivery that names no id of its own. */
  requestIdInHeader: string | undefined
  /** How many rows of results the answer may still take. */
  budget: { rows: number }
}

type Action = { need: Need; carryOut(call: Call): Promise<string[]> }

const ACTIONS: Record<string, Action> = {
  reserve: { need: 'send', carryOut: reserve },
  delete: { need: 'send', carryOut: cancel },
  get_status: { need: 'view', carryOut: status },
  get_result: { need: 'view', carryOut: (call) => results(call, false) },
  get_error: { need: 'view', carryOut: (call) => results(call, true) },
}

/** Deliveries: each `delivery` of a request is carried out by itself, and answered by itself. */
export function lpmailOperations(parts: AraraV1Parts): Operations {
  return {
    '/tm/lpmail.php': {
      ...{ root: 'mail', need: undefined, bodyLimit: BODY_LIMIT },
      answer: async ({ root, signedIn, request, reply }) => {
        const deliveries = childrenOf(root, 'delivery')
        if (deliveries.length === 0) throw invalid('delivery', 'is needed')
        if (deliveries.length > MOST_DELIVERIES) {
          throw new DomainError('too-large', `at most ${MOST_DELIVERIES} deliveries are taken`)
        }
        const header = request.headers['x-automailuserequestid']
        const requestIdInHeader = typeof header === 'string' && header !== '' ? header : undefined
        const shared = { parts, signedIn, requestIdInHeader, budget: { rows: MOST_ROWS } }
        const answers: string[] = []
        let failures = 0
        for (const [index, delivery] of deliveries.entries()) {
          const id = delivery.attributes['id'] ?? String(index)
          const content = await carryOut({ ...shared, delivery }).catch((error) => {
            const refusal = toRefusal(named(error))
            if (refusal.status >= 500) {
              request.log.error({ err: error }, 'a delivery of a request failed')
              failures++
            }
            return encodeErrors(refusal)
          })
          answers.push(element('delivery', content, { id }))
        }
        // Nothing of it was done, and nothing is wrong with it: the client is to try again.
        if (failures === deliveries.length) reply.code(500)
        return xmlDocument(element('mail', answers))
      },
    },
  }
}

async function carryOut(call: Call): Promise<string[]> {
  const name = requiredText(call.delivery, 'action')
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!action) throw invalid('action', 'must be reserve, delete, get_status, get_result or get_error')
  authorise(call.signedIn.caller, call.signedIn.service, action.need)
  return action.carryOut(call)
}

async function reserve({ parts, signedIn, delivery, requestIdInHeader }: Call): Promise<string[]> {
  const decoded = decodeReservation(delivery, signedIn.service)
  const reservation = { ...decoded, requestId: decoded.requestId ?? readRequestId(requestIdInHeader) }
  const reserved = await parts.reserve(signedIn, reservation)
  if (!reserved.isRepeat) return [...encodeReserved(reserved, reservation.requestId), SUCCESS]
  const reused = new DomainError('request-id-reused', 'was used before', { field: 'request_id' })
  return [...encodeReserved(reserved, reservation.requestId), ...encodeErrors(toRefusal(reused))]
}

async function cancel({ parts, signedIn, delivery }: Call): Promise<string[]> {
  const id = deliveryIdOf(delivery)
  if (id === undefined) throw invalid('deliver_id', 'is needed')
  const requestId = requestIdOf(delivery)
  await parts.cancel(signedIn, id)
  const echoed = requestId === undefined ? [] : [element('request_id', requestId)]
  return [element('deliver_id', id), ...echoed, SUCCESS]
}

async function status({ parts, signedIn: { service }, delivery }: Call): Promise<string[]> {
  const [from, to] = (['timemin', 'timemax'] as const).map((name) => {
    const text = textOf(delivery, name)
    return text === undefined ? undefined : minuteOf(text, service.timeZone, name)
  })
  if (from === undefined && to === undefined) return encodeStatus(await meant(parts, service, delivery))
  if (from === undefined || to === undefined || to < from) {
    throw invalid(from === undefined ? 'timemin' : 'timemax', 'must end a period that begins with timemin')
  }
  // All of the last minute counts.
  const found = await parts.findAccepted(service, { from, to: to + 60_000 }, MOST_STATUSES)
  return found.map(encodeStatusData)
}

async function results(
  { parts, signedIn: { service }, delivery, budget }: Call,
  failedOnly: boolean,
): Promise<string[]> {
  const { id, requestId, from } = await meant(parts, service, delivery)
  const after = textOf(delivery, 'cursor')
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    throw invalid('cursor', 'must be the cursor of an earlier answer')
  const page = { failedOnly, after: after === undefined ? undefined : Number(after), most: budget.rows }
  const { messages, next } = await parts.results(service, id, page)
  budget.rows -= messages.length
  return [
    element('deliver_id', id),
    element('request_id', requestId ?? ''),
    ...messages.map((message) => encodeResult(message, { deliveryId: id, from, service })),
    ...(next === undefined ? [] : [element('cursor', next)]),
  ]
}

/** The delivery that a request names by its own id or by that of the request. */
function meant(parts: AraraV1Parts, service: SignedIn['service'], delivery: XmlElement) {
  const id = deliveryIdOf(delivery)
  if (id !== undefined) return parts.findDelivery(service, id)
  const requestId = requestIdOf(delivery)
  if (requestId === undefined) throw invalid('deliver_id', 'or request_id is needed')
  return parts.findByRequest(service, requestId)
}
