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

const DAY = /^\d{4}-\d{2}-\d{2}$/

export function readMailSearch(given: Record<string, unknown>): MailSearch {
  const text = (name: keyof MailSearch, pattern = /./s) => {
    const value = given[name]
    return typeof value === 'string' && pattern.test(value) ? { [name]: value } : {}
  }
  const state = MESSAGE_STATES.find((known) => known === given['state'])
  return {
    ...text('sender'),
    ...text('list'),
    ...text('from', DAY),
    ...text('to', DAY),
    ...text('cursor'),
    ...(state && { state }),
  }
}
