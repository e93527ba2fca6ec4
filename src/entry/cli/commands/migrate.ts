import type { Command } from 'commander'
import { DataDirectoryInUse } from '../../../storage/data-lock.ts'
import type { EngineName } from '../../../storage/database.ts'
import type { MigrationReport } from '../../../storage/migrate.ts'
import { withApi } from '../api-client.ts'
import { addCommand, type CommonOptions, print, printJson } from '../command.ts'
import type { CliHost } from '../host.ts'

type Report = MigrationReport & { engine: EngineName }
type Status = { engine: EngineName; schema: number }

export function addMigrate(program: Command, host: CliHost): void {
  addCommand(program, 'migrate', "bring the database to this release's schema; every start does it too", [
    'migrate',
    'migrate --json',
  ]).action(async ({ json }: CommonOptions) => {
    // Loads the database code, which no other command should wait for.
    const { migrateHere } = await import('../without-server.ts')
    const report = await migrateHere(host.env).catch((error) => askServer(host, error))
    if (json) return printJson(report)
    for (const name of report.applied) print(`applied ${name}`)
    const unchanged = report.applied.length === 0 ? ', which is up to date' : ''
    print(`the ${report.engine} database has schema ${report.version}${unchanged}`)
  })
}

/** A server on SQLite migrated its database when it started, and lets nobody else in, so it is asked. */
async function askServer(host: CliHost, error: unknown): Promise<Report> {
  if (!(error instanceof DataDirectoryInUse)) throw error
  const { engine, schema } = await withApi(host, (api) => api.get<Status>('/operator/status'))
  return { engine, applied: [], version: schema }
}
