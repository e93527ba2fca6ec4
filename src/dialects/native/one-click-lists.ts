import type { PersonPermission } from '../../access/people/roles.ts'

/**
 * The permission that a person needs to make recipients on a list deliverable again: needed for senders' and filters'
 * lists (seed 000).
 */
export function neededToResume(list: unknown): PersonPermission | undefined {
  return /^(sender|filter):/.test(String(list)) ? 'error-count-reset' : undefined
}
