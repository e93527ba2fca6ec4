import type { PersonPermission } from '../../access/people/roles.ts'

/** What a person needs to make those on a list deliverable again: seed 000 keeps it for senders' and filters' lists. */
export function neededToResume(list: unknown): PersonPermission | undefined {
  return /^(sender|filter):/.test(String(list)) ? 'error-count-reset' : undefined
}
