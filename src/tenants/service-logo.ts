import { createHash } from 'node:crypto'
import { invalid } from '../kernel/domain-error.ts'
import { type Logo, readLogo } from '../pages/logo.ts'
import type { Database } from '../storage/database.ts'

/** The path of logos below the public URL; it cannot be mistaken for a `class_id`. */
export const LOGO_PATH = '/-/logo/'

/** A service's logo without its bytes. `id` is a hash of them, so that an id always means the same picture. */
export interface ServiceLogo extends Logo {
  id: string
}

/** In hexadecimal digits: 128 bits. */
const ID_LENGTH = 32

/** Undefined while the service has none. Its bytes are read apart, by its id. */
export async function findServiceLogo(
  database: Database,
  serviceId: number,
): Promise<ServiceLogo | undefined> {
  const [row] = await database.read(
    database.query
      .selectFrom('service_logo')
      .select(['logo_id as id', 'type', 'width', 'height'])
      .where('service_id', '=', serviceId),
  )
  return row
}

/** The picture with an id, of any service; undefined when none has it any more. */
export async function findLogoBytes(
  database: Database,
  id: string,
): Promise<{ type: Logo['type']; bytes: Uint8Array } | undefined> {
  const [row] = await database.read(
    database.query.selectFrom('service_logo').select(['type', 'bytes']).where('logo_id', '=', id).limit(1),
  )
  return row
}

/**
 * Gives a service a logo, replacing the one that it had. Throws DomainError `invalid-value` for bytes that may not be a
 * logo.
 */
export async function setServiceLogo(
  database: Database,
  serviceId: number,
  bytes: Uint8Array,
): Promise<ServiceLogo> {
  const logo = readLogo(bytes)
  if (typeof logo === 'string') throw invalid('logo', logo)
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, ID_LENGTH)
  const row = { ...logo, logo_id: id, bytes }
  await database.transact([
    database.query
      .insertInto('service_logo')
      .values({ ...row, service_id: serviceId })
      .onConflict((conflict) => conflict.column('service_id').doUpdateSet(row)),
  ])
  return { id, ...logo }
}

/** Answers whether there was one. */
export async function removeServiceLogo(database: Database, serviceId: number): Promise<boolean> {
  const [removed] = await database.transact([
    database.query.deleteFrom('service_logo').where('service_id', '=', serviceId).returning('service_id'),
  ])
  return removed.length > 0
}

export function isLogoId(text: string): boolean {
  return text.length === ID_LENGTH && /^[0-9a-f]+$/.test(text)
}
