import { CommanderError } from 'commander'
import { formatListenAddress } from '../../config/listen-address.ts'
import { ConfigError } from '../../config/mistake.ts'
import { RestoreRefused } from '../../storage/backup-manifest.ts'

/** 1: it was tried and did not succeed. 2: what was given is a mistake. */
export type ExitCode = 1 | 2

/** Why a command ends without having done its work. The message is for the terminal: one sentence a line. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** A mistake in the arguments or in a file. */
export function mistake(message: string, cause?: unknown): Failure {
  return new Failure(2, message, cause === undefined ? {} : { cause })
}

/** What to say on stderr about an error, and the exit code. Commander has already said what it had to say. */
export function describeFailure(
  error: unknown,
  { withStack }: { withStack: boolean },
): { exitCode: number; text: string } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, text: '' }
  const exitCode = exitCodeOf(error)
  const sentence = sentenceOf(error as Error)
  const text = error instanceof ConfigError ? sentence : sentence.replace(/^(?=.)/gm, 'error: ')
  const { stack } = error as Error
  return { exitCode, text: withStack ? `${text}\n${stack}\n` : `${text}\n` }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Failure) return error.exitCode
  return error instanceof ConfigError || error instanceof RestoreRefused ? 2 : 1
}

const LISTEN_REASONS: Record<string, string> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine does not have the address',
  EACCES: 'this user may not',
}

function sentenceOf(error: Error): string {
  const {
    syscall,
    code = '',
    address,
    port,
  } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (syscall !== 'listen') return error.message
  const where = formatListenAddress({ host: address ?? '', port: port ?? 0 })
  return `cannot listen on ${where}: ${LISTEN_REASONS[code] ?? code}`
}
