import { DomainError } from '../kernel/domain-error.ts'
import { UniqueViolation } from './database-errors.ts'

/**
 * Runs a write whose name may be taken. Throws DomainError `name-taken` (`field`) when it is; then nothing is written.
 */
export async function refusingTakenName<T>(
  message: string,
  write: () => Promise<T>,
  { field = 'name' } = {},
): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw error instanceof UniqueViolation ? new DomainError('name-taken', message, { field }) : error
  }
}
