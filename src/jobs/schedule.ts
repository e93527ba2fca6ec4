import { randomUUID } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { releaseLeases, takeLeases } from './leases.ts'

export interface Schedule {
  /** Waits for a run that is under way. */
  stop(): Promise<void>
}

export interface Task {
  name: string
  everyMs: number
  /** When it runs first, from the start on: after one period unless given. */
  firstAfterMs?: number
  /** `signal` says that the process is about to end. */
  run(now: number, signal: AbortSignal): Promise<void>
}

export interface ScheduleParts {
  database: Database
  clock: Clock
  onError(error: unknown): void
}

/**
 * Runs a task again and again, never twice at once. Of several processes one runs it: the one that holds its lease,
 * which is given back at a clean stop and lapses when that process has missed a run.
 */
export function startSchedule({ database, clock, onError }: ScheduleParts, task: Task): Schedule {
  const owner = randomUUID()
  const ending = new AbortController()
  let running: Promise<void> | undefined
  const turn = async () => {
    const now = clock()
    const terms = { owner, now, lifetimeMs: 2 * task.everyMs }
    const leases = await takeLeases(database, [`schedule ${task.name}`], terms)
    if (leases.length > 0) await task.run(now, ending.signal)
  }
  // A run that comes due while the one before is under way is skipped: they would pile up and then follow one another
  // at once.
  const take = () => {
    running ??= turn()
      .catch(onError)
      .finally(() => {
        running = undefined
      })
  }
  let timer = setTimeout(() => {
    take()
    timer = setInterval(take, task.everyMs)
  }, task.firstAfterMs ?? task.everyMs)
  return {
    stop: async () => {
      clearTimeout(timer)
      ending.abort()
      await running
      await releaseLeases(database, owner).catch(onError)
    },
  }
}
