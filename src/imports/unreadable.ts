import { DomainError } from '../kernel/domain-error.ts'

/** The answer to a file that is not what it should be. `what` names the row or the byte, counted from 1. */
export function unreadable(what: string): DomainError {
  return new DomainError('unreadable-file', what)
}
