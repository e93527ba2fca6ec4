import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const CONNECTIONS = 64
const LOAD = fileURLToPath(new URL('load.ts', import.meta.url))

/** The observations of a load. Times are milliseconds. */
export interface Seen {
  perSecond: number
  p99: number
  refused: number
  /** The line of the first unused path. */
  next: number
}

export interface LoadOrder {
  port: number
  /** The most that it may take. */
  seconds: number
  /** A file of paths, each used once, from line `from` on; or a single path to post to. */
  source: string
  from: number
}

/** Posts over 64 connections, in a process of its own. `stop` ends it early. Rejects when a request was refused. */
export function postLoad({ port, seconds, source, from }: LoadOrder): { seen: Promise<Seen>; stop(): void } {
  const args = [LOAD, port, CONNECTIONS, seconds, source, from].map(String)
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const told = text(child.stdout).then((json) => {
    const seen = JSON.parse(json) as Seen
    if (seen.refused > 0) throw new Error(`${seen.refused} requests were not answered 2xx`)
    return seen
  })
  return { seen: told, stop: () => void child.kill('SIGTERM') }
}
