import { type ChildProcess, execFile, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts'

/** A PostgreSQL server of our own, on one port and one data directory for as long as this process lives. */
export type PostgresCluster = {
  url: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Kills it outright: it flushes nothing and tells no client. */
  kill(): Promise<void>
}

const KEEPER = join(import.meta.dirname, 'postgres-keeper.ts')
const START_MS = 30_000

/** Starts one. `durable` leaves fsync on: for tests that kill the server and for benchmarks. */
export async function startPostgresCluster(options: { durable: boolean }): Promise<PostgresCluster> {
  const binaries = postgresBinaries()
  const dir = mkdtempSync(join(binaries.tmp, 'kaijo-test-cluster-'))
  let keeper: ChildProcess | undefined
  // While the server runs its files are its keeper's to remove.
  process.once('exit', () => {
    if (!keeper?.connected) rmSync(dir, { recursive: true, force: true })
  })

  const password = randomBytes(12).toString('hex')
  await initialise(binaries, dir, password)

  const port = await freePort()
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(options.durable ? [] : ['fsync=off', 'full_page_writes=off']),
  ]
  const args = ['-D', join(dir, 'data'), ...settings.flatMap((setting) => ['-c', setting])]

  async function start(): Promise<void> {
    const deadline = Date.now() + START_MS
    for (;;) {
      keeper = keep(binaries, dir, args)
      const failure = await untilReady(keeper, url, deadline)
      if (failure === undefined) return
      const log = readFileSync(join(dir, 'log'), 'utf8').slice(-4000)
      await end('SIGKILL')
      // After a kill the server's children take a moment to notice.
      const orphaned = log.includes('pre-existing shared memory block')
      if (!orphaned || Date.now() > deadline)
        throw new Error(`PostgreSQL did not start:\n${log}`, { cause: failure })
      await sleep(100)
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = keeper
    keeper = undefined
    if (!ending?.connected) return
    ending.ref()
    ending.send(signal)
    await once(ending, 'exit')
  }

  await start()
  return { url, start, stop: () => end('SIGINT'), kill: () => end('SIGKILL') }
}

async function initialise({ bin, user }: PostgresBinaries, dir: string, password: string): Promise<void> {
  const passwordFile = join(dir, 'password')
  writeFileSync(passwordFile, password)
  if (user !== undefined) for (const path of [dir, passwordFile]) chownSync(path, user.uid, user.gid)
  const args = ['-D', join(dir, 'data'), '-U', 'postgres', '-A', 'password', '--pwfile', passwordFile]
  args.push('-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions')
  await promisify(execFile)(join(bin, 'initdb'), args, { cwd: dir, ...user })
}

/** The keeper does not hold this process open, and a Ctrl-C in the terminal does not reach it before its work is done. */
function keep({ bin, user }: PostgresBinaries, dir: string, args: string[]): ChildProcess {
  const log = openSync(join(dir, 'log'), 'w')
  const keeper = fork(KEEPER, [dir, JSON.stringify(user ?? {}), join(bin, 'postgres'), ...args], {
    cwd: dir,
    detached: true,
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  keeper.unref()
  keeper.channel?.unref()
  return keeper
}

/** Undefined once the server answers; otherwise why it does not. */
async function untilReady(keeper: ChildProcess, url: string, deadline: number): Promise<unknown> {
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return undefined
    } catch (error) {
      if (!keeper.connected || Date.now() > deadline) return error
    }
    await sleep(30)
  }
}
