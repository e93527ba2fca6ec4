import { styleText } from 'node:util'
import type { Command } from 'commander'
import { toConfig } from '../../../config/to-config.ts'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { Finding, Status } from '../doctor/check.ts'
import type { Diagnosis } from '../doctor/doctor.ts'
import { Failure } from '../failure.ts'
import type { CliHost } from '../host.ts'

const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red' } as const

export function addDoctor(program: Command, host: CliHost): void {
  addCommand(program, 'doctor', 'look at everything that mail and links need, and say what to do', [
    'doctor',
    'doctor --json',
  ])
    .addHelpText('after', '\nExit code 1 says that something has failed; warnings leave it 0.')
    .action(async ({ json }: CommonOptions) => {
      const config = toConfig(host.env)
      const diagnosis = await withApi(host, (api) => api.get<Diagnosis>('/operator/doctor')).catch(
        async (reason: Error) => {
          const { examineWithout } = await import('../examine-installation.ts')
          return examineWithout(config, reason)
        },
      )
      if (json) printJson(diagnosis)
      else for (const finding of diagnosis.checks) print(describe(finding))
      const failures = diagnosis.checks.filter(({ status }) => status === 'failed').length
      if (!diagnosis.healthy) throw new Failure(1, `${failures} of ${diagnosis.checks.length} checks failed`)
    })
}

function describe({ name, status, detail, advice }: Finding): string {
  const lines = [`${coloured(status)} ${name}: ${detail}`, ...(advice === undefined ? [] : [`→ ${advice}`])]
  return lines.join('\n').replaceAll('\n', `\n${' '.repeat(9)}`)
}

function coloured(status: Status): string {
  return styleText(COLOURS[status], status.padEnd(8), { stream: process.stdout })
}
