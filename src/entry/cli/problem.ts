import { CommanderError } from 'commander'
import { ConfigError } from '../../config/mistake.ts'
import { toProblem } from '../../dialects/native/errors.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { DataDirectoryInUse } from '../../storage/data-lock.ts'
import { Refused, Unreachable } from './api-client.ts'
import { exitCodeOf, Failure, sentenceOf } from './failure.ts'

/** A problem document (RFC 9457), as the native interface answers one, of a command. */
interface CommandProblem {
  type: string
  title: string
  /** The status that the interface would answer, or did. */
  status: number
  code: string
  /** What people are told, a sentence a line. */
  detail: string
  field?: string
  errors?: readonly { detail: string; code?: string; field?: string }[]
  exitCode: number
  stack?: string
}

/** It was tried and did not succeed; no code of the interface says more than that. */
const FAILED = {
  type: 'urn:kaijo:problem:failed',
  title: 'The command did not succeed',
  status: 500,
  code: 'failed',
}

/**
 * A command's failure, for programs: what the server said, word for word, or else the interface's code for such a
 * failure.
 */
export function problemOf(error: Error, { withStack }: { withStack: boolean }): CommandProblem {
  const detail = detailOf(error)
  const errors = error instanceof Failure && error.errors ? { errors: error.errors } : {}
  return {
    ...FAILED,
    ...knownOf(error, detail),
    ...errors,
    exitCode: exitCodeOf(error),
    ...(withStack && error.stack !== undefined && { stack: error.stack }),
  }
}

function knownOf(error: Error, detail: string): Partial<CommandProblem> & { detail: string } {
  if (error instanceof Refused) return error.problem
  // What a command adds around it names the file, or how far it came.
  if (error.cause instanceof Refused) return { ...error.cause.problem, detail }
  if (error.cause instanceof DomainError) return { ...toProblem(error.cause), detail }
  if (error instanceof Unreachable || error instanceof DataDirectoryInUse) {
    return toProblem(new DomainError('unavailable', detail))
  }
  if (exitCodeOf(error) !== 2) return { detail }
  const { type, title, status, code } = toProblem(new DomainError('invalid-value', detail))
  if (!(error instanceof ConfigError)) return { type, title, status, code, detail }
  const errors = error.mistakes.map(({ variable, message }) => ({ code, field: variable, detail: message }))
  return { type, title, status, code, detail, errors }
}

function detailOf(error: Error): string {
  if (!(error instanceof CommanderError)) return sentenceOf(error)
  if (error.code === 'commander.help') return 'a command is missing: see --help'
  return error.message.replace(/^error: /, '')
}
