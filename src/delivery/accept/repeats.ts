import { createHash } from 'node:crypto'
import { DomainError } from '../../kernel/domain-error.ts'
import { findDeliveryByReference, findDeliveryByRequest } from '../../messages/delivery-store.ts'
import type { Database } from '../../storage/database.ts'
import type { Tables } from '../../storage/tables.ts'
import type { DeliveryAnswer, DeliveryRequest } from './delivery-request.ts'

/**
 * Equal for equal requests, so that a repeat can be told from a different request; '' for a request that cannot be
 * repeated.
 */
export function fingerprintOf({ service: _, createdBy: __, raw, ...request }: DeliveryRequest): string {
  if (request.requestId === undefined) return ''
  const hash = createHash('sha256').update(JSON.stringify(request))
  return (raw ? hash.update(raw) : hash).digest('base64url')
}

/**
 * The answer to an earlier request with the same id. Throws DomainError `request-id-reused` when that was a different
 * request.
 */
export async function findAnswer(
  database: Database,
  { service, requestId }: DeliveryRequest,
  fingerprint: string,
): Promise<DeliveryAnswer | undefined> {
  if (requestId === undefined) return undefined
  const earlier = await findDeliveryByRequest(database, service.id, requestId)
  if (!earlier) return undefined
  if (earlier.fingerprint !== fingerprint) {
    throw new DomainError('request-id-reused', `${requestId} was used for a different delivery`, {
      field: 'requestId',
    })
  }
  // Answers by 0.1.0 count no duplicates, which it mailed, and no copies.
  type Answered = Omit<DeliveryAnswer, 'duplicates' | 'copies'> & Partial<DeliveryAnswer>
  return { copies: 0, duplicates: 0, ...(earlier.answer as Answered) }
}

/**
 * Whether the delivery that a stored mail has joined is still active: whoever pauses or cancels it from here on finds
 * the mail there. False when that cannot be told.
 */
export async function isStillActive(
  database: Database,
  { service, reference, transactional }: DeliveryRequest,
  senderKey: string,
): Promise<boolean> {
  if (reference === undefined) return true
  const named = { reference, senderKey, transactional }
  const joined = await findDeliveryByReference(database, service.id, named).catch(() => undefined)
  return joined?.state === 'active'
}

/** The delivery that a mail joins by its reference. Throws DomainError `wrong-state` when that one was cancelled. */
export async function findJoined(
  database: Database,
  { service, reference, transactional }: DeliveryRequest,
  senderKey: string,
): Promise<Pick<Tables['delivery'], 'id' | 'state'> | undefined> {
  if (reference === undefined) return undefined
  const joined = await findDeliveryByReference(database, service.id, { reference, senderKey, transactional })
  if (joined?.state === 'cancelled') {
    throw new DomainError('wrong-state', `the delivery ${reference} was cancelled`, { field: 'reference' })
  }
  return joined
}
