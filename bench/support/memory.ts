import type { ChildProcess } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'

/** Resident memory of a process in MiB, as Linux counts it (proc_pid_status(5)). */
export interface Memory {
  now(): Promise<number>
  /** Resets the peak. */
  reset(): Promise<void>
  peak(): Promise<number>
}

export function memoryOf({ pid }: ChildProcess): Memory {
  const read = async (field: string) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024
  }
  return {
    now: () => read('VmRSS'),
    reset: () => writeFile(`/proc/${pid}/clear_refs`, '5'),
    peak: () => read('VmHWM'),
  }
}
