import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { Command } from 'commander'
import type { BackupReport } from '../../../storage/backup/backup.ts'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import { Failure } from '../failure.ts'
import type { CliHost } from '../host.ts'
import { readAnswer } from '../ndjson.ts'
import { startProgress } from '../progress.ts'

type Step = { table: string; rows: number } | { done: BackupReport }

export function addBackup(program: Command, host: CliHost): void {
  addCommand(program, 'backup <directory>', 'write a backup of everything while the server goes on working', [
    'backup /var/backups/kaijo',
    'backup /var/backups/kaijo --json',
  ])
    .addHelpText(
      'after',
      '\nIt becomes a directory of its own in there, and holds the secret keys: keep it as safe as they are.',
    )
    .action(async (into: string, { json }: CommonOptions) => {
      const { directory, manifest } = await withApi(host, async (api) => {
        const body = { type: 'application/json', content: JSON.stringify({ into: resolve(into) }) }
        const answer = await api.stream({ method: 'POST', path: '/operator/backup', body })
        const report = await lastStep(answer)
        if (!report) throw new Failure(1, 'the answer of the server broke off')
        return report
      })
      if (json) return printJson({ directory, ...manifest })
      print(directory)
      if (!manifest.keys.included) note('The keys of KAIJO_SECRET_KEYS are not in it: keep them too.')
    })
}

/** The report that ends the answer once everything is written; undefined when it is missing. */
async function lastStep(answer: Readable): Promise<BackupReport | undefined> {
  const progress = startProgress()
  let report: BackupReport | undefined
  try {
    for await (const steps of readAnswer<Step>(answer)) {
      for (const step of steps) {
        if ('done' in step) report = step.done
        else progress.show(`${step.table}: ${step.rows} rows`)
      }
    }
  } finally {
    progress.end()
  }
  return report
}
