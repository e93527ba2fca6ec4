import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readControlFile } from '../../src/access/control-file.ts'
import { freePort } from './free-port.ts'

/** A whole server in a process of its own. */
export interface ServerProcess {
  url: string
  pid: number
  /** kill -9: it finishes nothing and tells nobody. */
  kill(): Promise<void>
}

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const START_MS = 60_000

/** Runs `kaijo serve` with these settings, its main listener on a free port. @throws when it does not come up. */
export async function startServerProcess(env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const settings = { KAIJO_HTTP_LISTEN: `127.0.0.1:${port}`, KAIJO_SERVICES: 'http,worker', ...env }
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // Whatever ends the test takes the server along.
  process.once('exit', () => child.kill('SIGKILL'))
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const deadline = Date.now() + START_MS
  while (!(await answers(url))) {
    if (hasEnded(child) || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the server did not come up:\n${errors}`)
    }
    await sleep(20)
  }
  return {
    url,
    pid: child.pid ?? 0,
    kill: async () => {
      if (hasEnded(child)) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** The operator's, of the server that runs there; one that was killed left its own, which leads nowhere. */
export async function controlToken(dataDir: string): Promise<string> {
  for (;;) {
    const control = await readControlFile(dataDir).catch(() => undefined)
    if (control && (await answers(control.url))) return control.token
    await sleep(20)
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
