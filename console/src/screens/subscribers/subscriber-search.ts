/** The search for subscribers, as kept in the address. */
export interface SubscriberSearch {
  contains?: string
  userId?: string
  membership?: 'joined' | 'left'
  cursor?: string
}

export function readSubscriberSearch(given: Record<string, unknown>): SubscriberSearch {
  // The router parses anything that looks like a number as one.
  const text = (name: keyof SubscriberSearch) => {
    const value = typeof given[name] === 'number' ? String(given[name]) : given[name]
    return typeof value === 'string' && value !== '' ? { [name]: value } : {}
  }
  const { membership } = given
  return {
    ...text('contains'),
    ...text('userId'),
    ...text('cursor'),
    ...((membership === 'joined' || membership === 'left') && { membership }),
  }
}
