import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Child {
  process: ChildProcess
  stop(): Promise<void>
}

const READY_WITHIN_MS = 30_000
const STOPPED_WITHIN_MS = 30_000

/** Starts a script of this repository in a process of its own and waits until it is ready, when a URL answers 200. */
export async function startChild(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  ready: string | (() => Promise<boolean>),
): Promise<Child> {
  const isReady = typeof ready === 'string' ? () => answers(ready) : ready
  const file = fileURLToPath(new URL(`../../${script}`, import.meta.url))
  return startProgram(process.execPath, [file, ...args], { env: { ...process.env, ...env } }, isReady)
}

/** Starts a program and waits until it is ready; `stop` ends it, by force if it does not end by itself. */
export async function startProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  isReady: () => Promise<boolean>,
): Promise<Child> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options })
  const exited = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    child.kill('SIGTERM')
    const patience = setTimeout(kill, STOPPED_WITHIN_MS)
    await exited
    clearTimeout(patience)
    process.off('exit', kill)
  }
  const until = performance.now() + READY_WITHIN_MS
  while (!(await isReady())) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (hasEnded || performance.now() > until) {
      await stop()
      throw new Error(`${args[0]} ${hasEnded ? `ended with code ${child.exitCode}` : 'did not become ready'}`)
    }
    await sleep(5)
  }
  return { process: child, stop }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** Whether someone listens on this port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
