import { Command } from 'commander'
import type { CliHost } from './host.ts'

/** The command line. Answers the exit code: 0 done, 1 failed, 2 a mistake in what was given. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const program = new Command('kaijo').version(host.version)
  program.command('serve').description('run the server').action(host.serve)
  await program.parseAsync(args, { from: 'user' })
  return 0
}
