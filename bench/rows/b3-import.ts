import { join } from 'node:path'
import { bulkOf } from '../baselines/bulk.ts'
import { createInstallation, type Engine } from '../support/installation.ts'
import { writeImportFile, writeStateFile } from '../support/list-files.ts'
import { absolute, compared, type Result, type Row, type RunOptions } from '../support/result.ts'
import { startServer } from '../support/server.ts'

const ROWS = 1_000_000
const MOST: Record<Engine, number> = { sqlite: 1.5, postgres: 2.5 }
const MOST_MIB = 256

/** A file of a million rows, from the upload to the last row visible, with its events: design B3. */
export const b3: Row = {
  id: 'B3',
  title: 'import of 1,000,000 rows of CSV, upload to last row visible, with events',
  run: async (options) => [...(await onEngine('sqlite', options)), ...(await onEngine('postgres', options))],
}

async function onEngine(engine: Engine, { rounds, rows }: RunOptions): Promise<Result[]> {
  const count = rows(ROWS)
  const runs: { value: number; baseline: number }[] = []
  const memory: number[] = []
  let loader = ''
  for (let round = 0; round < rounds; round++) {
    // A fresh one each time, like the baseline's table.
    const installation = await createInstallation(engine)
    try {
      const bulk = bulkOf(installation)
      loader = bulk.loader
      const [file, state] = [join(installation.dir, 'list.csv'), join(installation.dir, 'state.csv')]
      await writeImportFile(file, 0, count)
      await writeStateFile(state, 0, count)
      const baseline = await bulk.load(state)
      const server = await startServer(installation)
      const idle = await server.memory.now()
      await server.memory.reset()
      const value = await server.importFile('blocklist', file, count)
      memory.push((await server.memory.peak()) - idle)
      runs.push({ value: value / 1000, baseline: baseline / 1000 })
      await server.stop()
    } finally {
      await installation.remove()
    }
  }
  const most = MOST[engine]
  const row = { row: 'B3', engine } as const
  return [
    compared({
      ...row,
      name: `import against ${loader} of the bare rows into the keyed state table`,
      unit: 's',
      goal: `<= ${most}`,
      meets: (ratio) => ratio <= most,
      runs,
    }),
    absolute({ ...row, name: 'extra memory of the server', unit: 'MiB', values: memory, most: MOST_MIB }),
  ]
}
