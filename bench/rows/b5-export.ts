import { join } from 'node:path'
import { bulkOf } from '../baselines/bulk.ts'
import { timed } from '../support/bulk.ts'
import { createInstallation, type Engine } from '../support/installation.ts'
import { writeImportFile } from '../support/list-files.ts'
import { absolute, compared, type Result, type Row, type RunOptions } from '../support/result.ts'
import { startServer } from '../support/server.ts'

const ROWS = 1_000_000
const MOST: Record<Engine, number> = { sqlite: 2.5, postgres: 3 }
const MOST_MIB = 64
/** The columns of the export, as they are stored. */
const DUMP = `select address, reason, since, requested_at, expires_at, source, message_id, active
  from suppression where list_id = (select id from list where kind = 'blocklist')`

/** A list of a million rows as CSV, as a client receives it: design B5. */
export const b5: Row = {
  id: 'B5',
  title: 'export of 1,000,000 rows as CSV',
  run: async (options) => [...(await onEngine('sqlite', options)), ...(await onEngine('postgres', options))],
}

async function onEngine(engine: Engine, { rounds, rows }: RunOptions): Promise<Result[]> {
  const count = rows(ROWS)
  const installation = await createInstallation(engine)
  const bulk = bulkOf(installation)
  const at = (name: string) => join(installation.dir, name)
  try {
    await writeImportFile(at('list.csv'), 0, count)
    const filling = await startServer(installation)
    await filling.importFile('blocklist', at('list.csv'), count)
    await filling.stop()
    const server = await startServer(installation)
    const idle = await server.memory.now()
    await server.memory.reset()
    const runs: { value: number; baseline: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const baseline = await bulk.dump(DUMP, at('dump.csv'))
      const value = await timed(() => server.download('/exports/blocklist', at('export.csv')))
      runs.push({ value: value / 1000, baseline: baseline / 1000 })
    }
    const memory = (await server.memory.peak()) - idle
    await server.stop()
    const most = MOST[engine]
    const row = { row: 'B5', engine } as const
    return [
      compared({
        ...row,
        name: `export against ${bulk.dumper} of the same columns`,
        unit: 's',
        goal: `<= ${most}`,
        meets: (ratio) => ratio <= most,
        runs,
      }),
      absolute({ ...row, name: 'extra memory of the server', unit: 'MiB', values: [memory], most: MOST_MIB }),
    ]
  } finally {
    await installation.remove()
  }
}
