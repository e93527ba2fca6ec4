/** Bulk mail waits in a lane of its own, so that transactional mail overtakes it. */
export const LANES = { transactional: 0, bulk: 1 } as const

/** Added to the lane while the delivery is paused: claims never look there, however many messages wait. */
export const PARKED = 10

export function laneOf({ transactional }: { transactional: boolean }): number {
  return transactional ? LANES.transactional : LANES.bulk
}
