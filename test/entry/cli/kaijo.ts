import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import type { EngineName } from '../../../src/storage/database.ts'
import { startPostgres } from '../../support/postgres.ts'
import { type Lifetime, makeTempDir } from '../../support/temp-dir.ts'

export const MAIN = join(import.meta.dirname, '../../../src/main.ts')

export interface Outcome {
  code: number
  stdout: string
  stderr: string
}

/** An installation that commands and servers are run in, each as a process of its own. */
export interface Place {
  dataDir: string
  env: NodeJS.ProcessEnv
  /** Runs a command to its end; `env` is on top of the place's. */
  kaijo(
    args: readonly string[],
    options?: { input?: string | Buffer; env?: NodeJS.ProcessEnv },
  ): Promise<Outcome>
  /** Starts a server and waits until it listens. It is stopped when the test ends. */
  serve(env?: NodeJS.ProcessEnv): Promise<RunningServer>
}

export interface RunningServer {
  /** What it said of itself. */
  started: {
    url: string
    publicUrl: string
    created: { service: { id: number }; apiUser: { name: string; key: string } } | null
  }
  child: ChildProcess
  /** Answers its exit code. */
  stop(): Promise<number | null>
}

export const PROVISION = `
sites:
  - name: acme
    apiUsers:
      - { name: api@acme.example, key: vendor-key-1, role: group-admin }
    services:
      - id: 10
        name: news
        senders: [news@example.com, { address: shop@example.com, oneClick: false }]
        filters: [{ name: 配信リストA, header: List-Id, pattern: "<a.example.com>", match: exact }]
`

/** The life of the `describe` block that is being declared, for what its `before` makes. */
export function lifeOfBlock(): Lifetime {
  const endings: (() => Promise<void>)[] = []
  after(async () => {
    for (const end of endings) await end()
  })
  return { after: (end) => endings.push(end) }
}

/** A place with a data directory and, on PostgreSQL, a database of its own. */
export async function place(t: Lifetime, engine: EngineName = 'sqlite'): Promise<Place> {
  const { dir: dataDir, remove } = makeTempDir()
  const database = engine === 'postgres' ? await startPostgres() : undefined
  const servers: RunningServer[] = []
  // One clean-up, since node:test runs them first come, first served.
  t.after(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await database?.stop()
    await remove()
  })
  const env = {
    ...withoutSettings(process.env),
    KAIJO_DATA_DIR: dataDir,
    KAIJO_HTTP_LISTEN: '127.0.0.1:0',
    KAIJO_SMTP_LISTEN: '127.0.0.1:0',
    KAIJO_LOG_LEVEL: 'warn',
    ...(database && { KAIJO_DATABASE_URL: database.url }),
  }
  return {
    dataDir,
    env,
    kaijo: (args, { input = '', env: more } = {}) => run(args, { ...env, ...more }, input),
    serve: async (more) => {
      const server = await startServer({ ...env, ...more })
      servers.push(server)
      return server
    },
  }
}

/** Runs the program in an environment. */
export function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string | Buffer = '',
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { env, timeout: 30_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0
        if (typeof code === 'number') resolve({ code, stdout, stderr })
        else reject(new Error(`kaijo ${args.join(' ')} was cut off: ${stderr}`, { cause: error }))
      },
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

/** The outcome of a command that has to succeed. */
export function done(outcome: Outcome): Outcome {
  assert.equal(outcome.code, 0, outcome.stderr)
  return outcome
}

async function startServer(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const started = await new Promise<RunningServer['started']>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line)
      if (said.event === 'listening') resolve(said)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with exit code ${code}: ${stderr}`)))
  })
  return {
    started,
    child,
    stop: async () => {
      child.kill('SIGTERM')
      return (await exited)[0]
    },
  }
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('KAIJO_') || name.startsWith('KAIJO_TEST_')),
  )
}
