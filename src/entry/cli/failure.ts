import { CommanderError } from 'commander'
import { formatListenAddress } from '../../config/listen-address.ts'
import { ConfigError } from '../../config/mistake.ts'
import { RestoreRefused } from '../../storage/backup/backup-manifest.ts'

/** 1: it was tried and did not succeed. 2: what was given is a mistake. */
export type ExitCode = 1 | 2

/** Why a command ends without having done its work. The message is for the terminal: one sentence a line. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: ExitCode
  /** The single things that went wrong, if there are several. */
  readonly errors: readonly { detail: string }[] | undefined

  constructor(
    exitCode: ExitCode,
    message: string,
    { errors, ...options }: { cause?: unknown; errors?: readonly { detail: string }[] } = {},
  ) {
    super(message, options)
    this.exitCode = exitCode
    this.errors = errors
  }
}

/** A mistake in the arguments or in a file. */
export function mistake(message: string, cause?: unknown): Failure {
  return new Failure(2, message, cause === undefined ? {} : { cause })
}

/** What to tell people on stderr about an error. Commander has already printed its own. */
export function describeFailure(error: Error, { withStack }: { withStack: boolean }): string {
  if (error instanceof CommanderError) return ''
  const sentence = sentenceOf(error)
  const text = error instanceof ConfigError ? sentence : sentence.replace(/^(?=.)/gm, 'error: ')
  return withStack ? `${text}\n${error.stack}\n` : `${text}\n`
}

/** 0 when only help was asked for. */
export function exitCodeOf(error: Error): ExitCode | 0 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Failure) return error.exitCode
  return error instanceof ConfigError || error instanceof RestoreRefused ? 2 : 1
}

const LISTEN_REASONS: Record<string, string> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine does not have the address',
  EACCES: 'this user may not',
}

/** What went wrong, a sentence a line. */
export function sentenceOf(error: Error): string {
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
