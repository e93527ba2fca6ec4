import type { WithList } from '../../../dialects/native/parts/report-parts.ts'
import type { OnNamedList } from '../../../dialects/native/parts.ts'
import { type Address, addressKey, parseAddress } from '../../../kernel/address.ts'
import { invalid } from '../../../kernel/domain-error.ts'
import type { Database } from '../../../storage/database.ts'
import { findLists, listRef } from '../../../tenants/list.ts'
import type { Service } from '../../../tenants/service.ts'

/** Throws DomainError `invalid-value` for what is not a mail address. */
export function addressOf(text: string): Address {
  const address = parseAddress(text)
  if (!address) throw invalid('address', `${text} is not a mail address`)
  return address
}

/** Throws DomainError `invalid-value` for what is not a mail address. */
export function keyOf(address: string, field = 'address'): string {
  const key = addressKey(address)
  if (key === undefined) throw invalid(field, `${address} is not a mail address`)
  return key
}

/** Reads the names of a service's lists; one that is gone is named by its number. */
export async function listNames(database: Database, service: Service): Promise<(listId: number) => string> {
  const names = new Map((await findLists(database, service.id)).map((list) => [list.id, listRef(list)]))
  return (listId) => names.get(listId) ?? String(listId)
}

export function named<T extends { listId: number }>(
  { listId, ...rest }: T,
  nameOf: (listId: number) => string,
): OnNamedList<T> {
  return { ...rest, list: nameOf(listId) }
}

export function withList<T extends { listId: number | null }>(
  { listId, ...rest }: T,
  nameOf: (listId: number) => string,
): WithList<T> {
  return { ...rest, list: listId === null ? null : nameOf(listId) }
}
