import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Failure } from '../failure.ts'

/** This very program, run as separate processes in an environment of their own. */
export interface Program {
  /** Runs a command to its end; answers its stdout. Rejects with what it wrote to stderr. */
  run(args: readonly string[], input?: string): Promise<string>
  /** Starts the server; resolves once it listens. Rejects when it ends before. */
  serve(): Promise<Server>
  /** The last lines that the server wrote. */
  readonly serverLog: readonly string[]
}

interface Server {
  /** Ends it as a system does; answers its exit code. */
  stop(): Promise<number | null>
}

/** How the server says so; what follows are credentials. */
const LISTENING = '{"event":"listening"'
const KEPT_LOG_LINES = 20
const PATIENCE_MS = 15_000

/** `env` is what the processes get in place of the KAIJO_ variables of this one. */
export function thisProgram(own: NodeJS.ProcessEnv, given: Record<string, string>): Program {
  const file = process.argv[1] ?? ''
  const inherited = Object.entries(own).filter(([name]) => !name.startsWith('KAIJO_'))
  const env = { ...Object.fromEntries(inherited), ...given }
  const serverLog: string[] = []
  return {
    serverLog,
    run: (args, input = '') =>
      new Promise((resolve, reject) => {
        const child = execFile(process.execPath, [file, ...args], { env }, (error, stdout, stderr) =>
          error ? reject(new Failure(1, stderr.trim(), { cause: error })) : resolve(stdout),
        )
        child.stdin?.end(input)
      }),
    serve: async () => {
      const child = spawn(process.execPath, [file, 'serve', '--json'], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const log = (line: string) => {
        if (line.startsWith(LISTENING)) return
        serverLog.push(line)
        serverLog.splice(0, serverLog.length - KEPT_LOG_LINES)
      }
      createInterface(child.stderr).on('line', log)
      const lines = createInterface(child.stdout).on('line', log)
      process.once('exit', () => child.kill('SIGKILL'))
      await listening(child, lines)
      return {
        stop: async () => {
          if (child.exitCode !== null) return child.exitCode
          child.kill('SIGTERM')
          const [code] = (await once(child, 'exit')) as [number | null]
          return code
        },
      }
    },
  }
}

async function listening(child: ChildProcess, lines: NodeJS.EventEmitter): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line: string) => {
      if (line.startsWith(LISTENING)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the server ended at once with exit code ${code}`)))
    signal.addEventListener('abort', () => {
      child.kill('SIGKILL')
      reject(new Error('the server did not listen in time'))
    })
  })
}
