import { DomainError } from '../../kernel/domain-error.ts'
import { mistakesOf } from '../../kernel/mistakes.ts'
import type { Service } from '../../tenants/service.ts'
import { decodeText } from './decode.ts'
import { decodeEmails, notListed, refusedInOrder } from './decode-emails.ts'
import type { Answer } from './encode.ts'
import type { Call } from './operation.ts'
import type { Cancellable } from './parts.ts'

/**
 * Cancels for all addresses of `email`, or refuses with everything that is wrong about any of them. A `filter_name`
 * that does not match is answered like an address that is not there, as the vendor documents.
 */
export async function cancelled(
  { params, service, actor }: Call & { service: Service },
  from: Cancellable,
): Promise<Answer> {
  const emails = decodeEmails(params['email'])
  const filterName = decodeText(params, 'filter_name')
  const request = { addresses: emails.given.map(({ address }) => address), filterName }
  const missing = (indexes: readonly number[]) =>
    indexes.map((index) => notListed(emails, emails.given[index]?.place ?? 0))
  if (emails.mistakes.length > 0) {
    const others = missing(await from.missing(service, request))
    throw refusedInOrder([...emails.mistakes, ...others.filter(isFirstOf(emails.mistakes))])
  }
  try {
    await from.cancel(service, request, actor)
  } catch (error) {
    throw error instanceof DomainError && error.code === 'not-listed'
      ? refusedInOrder(missing(mistakesOf(error).map(indexOf)))
      : error
  }
  return { kind: 'success' }
}

/** One error per place is enough: the one about its form comes first. */
function isFirstOf(mistakes: readonly { place?: number }[]): (error: { place?: number }) => boolean {
  const told = new Set(mistakes.map(({ place }) => place))
  return ({ place }) => !told.has(place)
}

/** `3` of `addresses[3]`. */
function indexOf({ field = '' }: DomainError): number {
  return Number(/\d+/.exec(field)?.[0])
}
