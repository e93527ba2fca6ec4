/** The search of a list, as kept in the address. */
export interface ListSearch {
  contains?: string
  state?: 'active' | 'resumed' | 'expired' | 'all'
  sender?: string
  cursor?: string
}

const STATES = ['active', 'resumed', 'expired', 'all']

export function readListSearch(given: Record<string, unknown>): ListSearch {
  const text = (name: keyof ListSearch) => {
    const value = given[name]
    return typeof value === 'string' && value !== '' ? { [name]: value } : {}
  }
  return {
    ...text('contains'),
    ...text('sender'),
    ...text('cursor'),
    ...(STATES.includes(given['state'] as string) && { state: given['state'] as 'all' }),
  }
}
