/** Octets that all messages together may take while they are received and accepted. */
export interface Room {
  /** Takes this many more; false, with nothing taken, when there is not enough room. */
  take(octets: number): boolean
  give(octets: number): void
}

export type Received =
  | {
      kind: 'whole'
      /** Dots unstuffed, without the end of data. */
      raw: Buffer
      /** Gives its room back. */
      release(): void
    }
  | { kind: 'too-large' | 'no-room' | 'broken-off' }

/** Doubled until the message fits: a client decides how small the pieces are, and must not decide what they cost. */
const FIRST_CAPACITY = 4_096

export function roomFor(octets: number): Room {
  let left = octets
  return {
    take: (wanted) => {
      if (wanted > left) return false
      left -= wanted
      return true
    },
    give: (back) => {
      left += back
    },
  }
}

/**
 * Reads a message to its end, holding at most `limit` octets of it: of one that is too large, or that there is no room
 * for, the rest is read and dropped, so that the client hears the refusal. Never rejects.
 */
export async function receive(stream: AsyncIterable<Buffer>, limit: number, room: Room): Promise<Received> {
  let held = Buffer.alloc(0)
  let length = 0
  let refused: 'too-large' | 'no-room' | undefined
  const release = () => {
    room.give(held.length)
    held = Buffer.alloc(0)
  }
  const hold = (chunk: Buffer) => {
    if (length + chunk.length > limit) return 'too-large'
    if (length + chunk.length > held.length) {
      let capacity = Math.max(held.length, FIRST_CAPACITY)
      while (capacity < length + chunk.length) capacity *= 2
      capacity = Math.min(capacity, limit)
      if (!room.take(capacity - held.length)) return 'no-room'
      const grown = Buffer.allocUnsafeSlow(capacity)
      held.copy(grown, 0, 0, length)
      held = grown
    }
    chunk.copy(held, length)
    length += chunk.length
    return undefined
  }
  try {
    for await (const chunk of stream) {
      refused ??= hold(chunk)
      if (refused) release()
    }
  } catch {
    release()
    return { kind: 'broken-off' }
  }
  return refused ? { kind: refused } : { kind: 'whole', raw: held.subarray(0, length), release }
}
