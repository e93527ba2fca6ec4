import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Child {
  process: ChildProcess
  stop(): Promise<void>
}

const READY_WITHIN_MS = 30_000

/** Starts a script of this repository in a process of its own and waits until `url` answers 200. */
export async function startChild(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  url: string,
): Promise<Child> {
  const file = fileURLToPath(new URL(`../../${script}`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  const until = performance.now() + READY_WITHIN_MS
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${script} ended with code ${child.exitCode}`)
    if (performance.now() > until) throw new Error(`${script} did not answer at ${url}`)
    await sleep(5)
  }
  return {
    process: child,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
