import { Command } from 'commander'
import { addApiUsers } from './commands/api-users.ts'
import { addAudit } from './commands/audit.ts'
import { addBackup } from './commands/backup.ts'
import { addCheck } from './commands/check.ts'
import { addDeliveries } from './commands/deliveries.ts'
import { addDkim } from './commands/dkim.ts'
import { addDoctor } from './commands/doctor.ts'
import { addErase } from './commands/erase.ts'
import { addErrorCounts } from './commands/error-counts.ts'
import { addExport } from './commands/export.ts'
import { addFilters } from './commands/filters.ts'
import { addForms } from './commands/forms.ts'
import { addHeaders } from './commands/headers.ts'
import { addImport } from './commands/import.ts'
import { addImports } from './commands/imports.ts'
import { addInbound } from './commands/inbound.ts'
import { addKeys } from './commands/keys.ts'
import { addMigrate } from './commands/migrate.ts'
import { addProvision } from './commands/provision.ts'
import { addReceived } from './commands/received.ts'
import { addReport } from './commands/report.ts'
import { addRestore } from './commands/restore.ts'
import { addResume } from './commands/resume.ts'
import { addSend } from './commands/send.ts'
import { addSenders } from './commands/senders.ts'
import { addServe } from './commands/serve.ts'
import { addServices } from './commands/services.ts'
import { addStop } from './commands/stop.ts'
import { addSubscribers } from './commands/subscribers.ts'
import { addTimeline } from './commands/timeline.ts'
import { addTour } from './commands/tour.ts'
import { addUser } from './commands/user.ts'
import { describeFailure, exitCodeOf, Failure } from './failure.ts'
import type { CliHost } from './host.ts'

const COMMANDS: readonly ((program: Command, host: CliHost) => void)[] = [
  addServe,
  addMigrate,
  addProvision,
  addServices,
  addSenders,
  addFilters,
  addSend,
  addHeaders,
  addCheck,
  addReport,
  addDeliveries,
  addExport,
  addImport,
  addImports,
  addInbound,
  addReceived,
  addTimeline,
  addStop,
  addResume,
  addErrorCounts,
  addSubscribers,
  addForms,
  addErase,
  addDoctor,
  addBackup,
  addRestore,
  addKeys,
  addDkim,
  addUser,
  addApiUsers,
  addAudit,
  addTour,
]

/** The command line. Answers the exit code: 0 done, 1 failed, 2 a mistake in what was given. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const asJson = asksForJson(args)
  const program = new Command('kaijo')
    .description('One-click unsubscribe (RFC 8058) and suppression for bulk mail')
    .version(host.version)
    .exitOverride()
    .showSuggestionAfterError()
    // What commander would print is in the errors that it throws, too.
    .configureOutput(asJson ? { writeErr: () => {} } : {})
    .addHelpText(
      'after',
      '\nSettings are KAIJO_… variables. Exit codes: 0 done, 1 failed, 2 a mistake in what was given.',
    )
  for (const add of COMMANDS) add(program, host)
  // The reader of our output has seen enough, as in `kaijo check … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    const failure = new Failure(1, `stdout cannot be written (${error.code})`, { cause: error })
    tellFailure(failure, { asJson, withStack: false }).finally(() => process.exit(1))
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    const withStack = /^\s*(debug|trace)\s*$/i.test(host.env['KAIJO_LOG_LEVEL'] ?? '')
    await tellFailure(error as Error, { asJson, withStack })
    return exitCodeOf(error as Error)
  }
}

/**
 * Looked for before the arguments are parsed, since they may be what is wrong. Arguments after `--` are not options.
 */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? undefined : end).includes('--json')
}

/** On stderr: a sentence for people, one line of JSON for programs. */
async function tellFailure(error: Error, told: { asJson: boolean; withStack: boolean }): Promise<void> {
  if (exitCodeOf(error) === 0) return
  if (!told.asJson) return void process.stderr.write(describeFailure(error, told))
  // Loaded here because what it needs takes long to load.
  const { problemOf } = await import('./problem.ts')
  process.stderr.write(`${JSON.stringify(problemOf(error, told))}\n`)
}
