import type { Command } from 'commander'
import { addCommand, type CommonOptions, note, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'
import { startProgress } from '../progress.ts'

export function addRestore(program: Command, { env }: CliHost): void {
  addCommand(program, 'restore <directory>', 'fill an empty database from a backup; no server may run', [
    'restore /var/backups/kaijo/kaijo-backup-20261121T093000Z',
  ]).action(async (directory: string, { json }: CommonOptions) => {
    // Loads the database code, which no other command should wait for.
    const { restoreHere } = await import('../without-server.ts')
    const progress = startProgress()
    const { manifest, keys } = await restoreHere(env, directory, (table, rows) =>
      progress.show(`${table}: ${rows} rows`),
    ).finally(progress.end)
    if (json) return printJson({ ...manifest, keys: { ...manifest.keys, outcome: keys } })
    const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0)
    print(`${rows} rows restored from the backup of ${manifest.time}`)
    if (keys === 'not included') {
      note(
        `The keys are not in the backup: start with KAIJO_SECRET_KEYS that holds ${manifest.keys.ids.join(', ')}.`,
      )
    }
  })
}
