/** A rate: at most this many a second of whatever goes by this key. */
export interface Pace {
  key: string
  perSecond: number
}

interface Turn {
  now: number
  /** Goes before the others, who wait a little longer for it instead. */
  priority: boolean
  /** Was told to come back later and has come back at that time: it goes before new ones. */
  returning: boolean
}

export interface Pacer {
  /**
   * The moment, `now` or later, at which the next one may go by all of its paces. When that is more than MOST_HELD_MS
   * away, it is to come back then.
   */
  next(paces: readonly Pace[], turn: Turn): number
}

/** Nobody is held in memory longer than this while waiting for a turn. */
export const MOST_HELD_MS = 2_000
/**
 * Times to come back are given out no farther ahead than this, so that a changed rate is felt by then, however many
 * wait.
 */
const HORIZON_MS = 3_600_000
const MOST_KEYS = 10_000
/** A clock that is put back by more begins anew: what was booked would keep everybody waiting until it gets there again. */
const PUT_BACK_MS = 1_000

/** When the next turn of a key is free: for bulk, for what has priority, and after all who were told to come back. */
interface Calendar {
  bulk: number
  priority: number
  back: number
}

/** `share` is this process's part of the work, 0 to 1: together the processes keep to the rates. */
export function createPacer(share: () => number): Pacer {
  const calendars = new Map<string, Calendar>()
  let latest = 0

  const calendarOf = (key: string, now: number): Calendar => {
    if (calendars.size > MOST_KEYS) forgetPast(calendars, now)
    const known = calendars.get(key)
    if (known) return known
    const fresh = { bulk: 0, priority: 0, back: 0 }
    calendars.set(key, fresh)
    return fresh
  }

  return {
    next: (paces, { now, priority, returning }) => {
      if (paces.length === 0) return now
      if (now < latest - PUT_BACK_MS) calendars.clear()
      latest = now
      const own = paces.map(({ key, perSecond }) => ({
        calendar: calendarOf(key, now),
        interval: 1_000 / (perSecond * share()),
      }))
      const free = (lane: keyof Calendar) => Math.max(now, ...own.map(({ calendar }) => calendar[lane]))
      const book = (lane: keyof Calendar, at: number) => {
        for (const { calendar, interval } of own) calendar[lane] = Math.max(calendar[lane], at) + interval
      }

      const lane = priority ? 'priority' : 'bulk'
      const at = free(lane)
      const isCrowded = at - now > MOST_HELD_MS
      const back = free('back')
      const mayGo = priority || returning || back - now <= MOST_HELD_MS
      if (mayGo && !isCrowded) {
        book(lane, at)
        if (priority) book('bulk', now)
        return at
      }
      if (priority || returning) return at
      const later = Math.max(at, back)
      if (later - now > HORIZON_MS) return now + HORIZON_MS * (0.5 + Math.random() / 2)
      book('back', later)
      return later
    },
  }
}

function forgetPast(calendars: Map<string, Calendar>, now: number): void {
  for (const [key, { bulk, priority, back }] of calendars) {
    if (Math.max(bulk, priority, back) <= now) calendars.delete(key)
  }
}
