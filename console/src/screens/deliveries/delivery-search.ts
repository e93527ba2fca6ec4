/** What deliveries are looked for, as it stands in the address. */
export interface DeliverySearch {
  state?: 'active' | 'paused' | 'cancelled'
  sender?: string
  from?: string
  to?: string
  cursor?: string
}

export const DELIVERY_STATES = ['active', 'paused', 'cancelled'] as const

const DAY = /^\d{4}-\d{2}-\d{2}$/

export function readDeliverySearch(given: Record<string, unknown>): DeliverySearch {
  const text = (name: keyof DeliverySearch, pattern = /./s) => {
    const value = given[name]
    return typeof value === 'string' && pattern.test(value) ? { [name]: value } : {}
  }
  const state = DELIVERY_STATES.find((known) => known === given['state'])
  return {
    ...text('sender'),
    ...text('from', DAY),
    ...text('to', DAY),
    ...text('cursor'),
    ...(state && { state }),
  }
}
