import { isDay } from '../../parts/day.ts'

/** The search for deliveries, as kept in the address. */
export interface DeliverySearch {
  state?: 'active' | 'paused' | 'cancelled'
  sender?: string
  from?: string
  to?: string
  cursor?: string
}

export const DELIVERY_STATES = ['active', 'paused', 'cancelled'] as const

export function readDeliverySearch(given: Record<string, unknown>): DeliverySearch {
  const text = (name: keyof DeliverySearch) => {
    const value = given[name]
    return typeof value === 'string' && value !== '' ? { [name]: value } : {}
  }
  const { from, to } = given
  const state = DELIVERY_STATES.find((known) => known === given['state'])
  return {
    ...text('sender'),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
    ...text('cursor'),
    ...(state && { state }),
  }
}
