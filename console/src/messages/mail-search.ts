import { isDay } from '../parts/day.ts'
import { MESSAGE_STATES, type MessageState } from './message-state.tsx'

/** What mails are looked for, as it stands in the address; a recipient stands behind its #. */
export interface MailSearch {
  state?: MessageState
  sender?: string
  list?: string
  /** Days of the service's zone, which count whole. */
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
