import { setTimeout as sleep } from 'node:timers/promises'
import { type Control, readControlFile } from '../../access/control-file.ts'
import type { Config } from '../../config/to-config.ts'
import { DataDirectoryInUse } from '../../storage/data-lock.ts'
import type { Connection } from './host.ts'

/** How long a command waits for another one to end, or for a server to be up. */
const PATIENCE_MS = 10_000
const POLL_MS = 50

/** Starts the application in this process, for the operator alone. Throws DataDirectoryInUse. */
type StartHere = (config: Config) => Promise<{ control: Control; stop(): Promise<void> }>

/** Reaches the server that works in the data directory, or starts the application in this process. */
export async function connect(config: Config, startHere: StartHere): Promise<Connection> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
    try {
      const { control, stop } = await startHere(config)
      return { ...control, serverRuns: false, close: stop }
    } catch (error) {
      if (!(error instanceof DataDirectoryInUse)) throw error
      const control = await findServer(config.dataDir)
      if (control) return { ...control, serverRuns: true, close: async () => {} }
      if (performance.now() > deadline) throw error
    }
  }
}

/** Undefined while it is starting or stopping, and when the control file was left by a server that was killed. */
async function findServer(dataDir: string): Promise<Control | undefined> {
  const control = await readControlFile(dataDir).catch(() => undefined)
  const found = control && (await fetch(`${control.url}/healthz`).catch(() => undefined))
  return found?.ok ? control : undefined
}
