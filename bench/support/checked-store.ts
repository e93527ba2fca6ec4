import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createFilter } from '../../src/tenants/filter.ts'
import { CAMPAIGN } from './bench-mail.ts'
import { timed } from './bulk.ts'
import { createInstallation, type Engine, FROM } from './installation.ts'
import { listedAmong, writeImportFile, writeRecipients } from './list-files.ts'
import { type Server, startServer } from './server.ts'

/** A running Kaijo whose lists grow by imports, and a file of recipients to be checked against all five of them. */
export interface Store {
  server: Server
  /** Adds rows to the next list in an import of its own; answers how long it took in milliseconds. */
  grow(rows: number): Promise<number>
  /** Writes the recipients that `check` and `probe` look up; one in ten is on a list. */
  prepareRecipients(count: number): Promise<void>
  /** Runs `kaijo check` on the recipients and times it from start to end. */
  check(): Promise<number>
  /** Runs the engine's bare probe on them. */
  probe(): Promise<number>
  remove(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const PROBE = fileURLToPath(new URL('../baselines/bare-probe.ts', import.meta.url))
const LISTS = [`sender:${FROM}`, 'filter:weekly', 'hard-bounces', 'complaints', 'blocklist']

export async function createStore(engine: Engine): Promise<Store> {
  const installation = await createInstallation(engine, async ({ database, ids }, service) => {
    const filter = { name: 'weekly', header: CAMPAIGN.header, pattern: CAMPAIGN.value, now: Date.now() }
    await createFilter(database, ids.list, service, filter)
  })
  const { dir, env, databaseUrl } = installation
  const server = await startServer(installation).catch(async (error) => {
    await installation.remove()
    throw error
  })
  const recipients = join(dir, 'recipients.txt')
  const run = (args: string[], more: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, args, { env: { ...process.env, ...more } })
  let size = 0
  let files = 0
  let wanted = 0
  return {
    server,
    grow: async (rows) => {
      const file = join(dir, 'list.csv')
      await writeImportFile(file, size, rows)
      size += rows
      return server.importFile(LISTS[files++ % LISTS.length] as string, file, rows)
    },
    prepareRecipients: async (count) => {
      await writeRecipients(recipients, count, size)
      wanted = listedAmong(count)
    },
    check: async () => {
      const output = ['--output', join(dir, 'deliverable.txt'), '--excluded', join(dir, 'excluded.tsv')]
      const header = ['--header', `${CAMPAIGN.header}: ${CAMPAIGN.value}`]
      const args = [MAIN, 'check', '--from', FROM, ...header, ...output, '--json', recipients]
      let stdout = ''
      const took = await timed(async () => {
        ;({ stdout } = await run(args, env))
      })
      const { excluded } = JSON.parse(stdout) as { excluded: number }
      if (excluded !== wanted) throw new Error(`check excluded ${excluded} of ${wanted}`)
      return took
    },
    probe: async () => {
      const source = databaseUrl ?? join(env['KAIJO_DATA_DIR'] as string, 'kaijo.db')
      let stdout = ''
      const took = await timed(async () => {
        ;({ stdout } = await run([PROBE, recipients], {
          [databaseUrl ? 'DATABASE_URL' : 'DATABASE']: source,
        }))
      })
      if (Number(stdout) !== wanted) throw new Error(`the probe found ${stdout} of ${wanted}`)
      return took
    },
    remove: async () => {
      await server.stop()
      await installation.remove()
    },
  }
}
