import { isDay } from '../parts/day.ts'
import { MESSAGE_STATES, type MessageState } from './message-state.tsx'

/** A search for mails, as kept in the address; a recipient is kept after the #. */
export interface MailSearch {
  state?: MessageState
  sender?: string
  list?: string
  /** Whole days of the service's zone. */
  from?: string
  to?: string
  cursor?: string
}

export function readMailSearch(given: Record<string, unknown>): MailSearch {
  const text = (name: keyof MailSearch) => {
    const value = given[name]
    return typeof value === 'string' && value !== '' ? { [name]: value } : {}
  }
  const { from, to } = given
  const state = MESSAGE_STATES.find((known) => known === given['state'])
  return {
    ...text('sender'),
    ...text('list'),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
    ...text('cursor'),
    ...(state && { state }),
  }
}
