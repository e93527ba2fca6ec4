/** A message as the API tells of it. */
export interface Message {
  id: number
  to: string
  state: string
  list: string | null
  reason: string | null
  since: string | null
  reply: string | null
  updatedAt: string
}

export interface FoundMessage extends Message {
  acceptedAt: string
  deliveryId: number
  from: string
}

/** One line for people; a tab between the parts. */
export function messageLine(message: Message | FoundMessage): string {
  const { id, to, state } = message
  const found = 'from' in message ? [message.acceptedAt, message.deliveryId, message.from] : []
  return [...found, id, to, state, whyOf(message)].join('\t')
}

function whyOf({ state, list, reason, since, reply }: Message): string {
  if (state === 'excluded') return `${list} (${reason}) since ${since}`
  // In any other state, the list is one that a transactional mail overrode.
  const overridden = list === null ? '' : `although on ${list} (${reason}) since ${since}`
  return [reply ?? '', overridden].filter(Boolean).join(' ') || '-'
}
