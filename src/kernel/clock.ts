/** The time in UTC epoch milliseconds. Handed in wherever a rule depends on it, so that tests can move it. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** Milliseconds of one 24-hour day: what "days" of a lifetime are counted in. */
export const DAY_MS = 86_400_000
