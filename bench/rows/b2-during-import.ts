import { join } from 'node:path'
import { createInstallation, type Engine } from '../support/installation.ts'
import { writeImportFile } from '../support/list-files.ts'
import { postLoad } from '../support/post-load.ts'
import { absolute, compared, type Result, type Row, type RunOptions } from '../support/result.ts'
import { startServer } from '../support/server.ts'

const ROWS = 1_000_000
const SECONDS = 5
const MOST_SECONDS = 600
const PATHS_PER_RUN = 150_000
const LEAST = 0.4
const MOST_P99_MS = 250

/** One-click requests while a file of a million rows is imported, from its upload to its last row: design B2. */
export const b2: Row = {
  id: 'B2',
  title: 'durable one-click POST/s while 1,000,000 rows are imported',
  run: async (options) => [...(await onEngine('sqlite', options)), ...(await onEngine('postgres', options))],
}

async function onEngine(engine: Engine, { rounds, rows }: RunOptions): Promise<Result[]> {
  const count = rows(ROWS)
  const installation = await createInstallation(engine)
  try {
    const source = await installation.mintPaths(PATHS_PER_RUN * 2 * (rounds + 1))
    const server = await startServer(installation)
    const { port, dir } = installation
    let from = 0
    const load = (seconds: number) => {
      const load = postLoad({ port, seconds, source, from })
      from += PATHS_PER_RUN
      return load
    }
    await load(SECONDS).seen
    const rates: { value: number; baseline: number }[] = []
    const p99: number[] = []
    const imported: number[] = []
    for (let round = 0; round < rounds; round++) {
      const file = join(dir, 'list.csv')
      await writeImportFile(file, round * count, count)
      const alone = await load(SECONDS).seen
      const { seen, stop } = load(MOST_SECONDS)
      const took = await server.importFile('blocklist', file, count).finally(stop)
      const beside = await seen
      rates.push({ value: beside.perSecond, baseline: alone.perSecond })
      p99.push(beside.p99)
      imported.push(count / (took / 1000))
    }
    await server.stop()
    const row = { row: 'B2', engine } as const
    return [
      compared({
        ...row,
        name: 'durable POST/s during an import against without one',
        unit: '1/s',
        goal: `>= ${LEAST}`,
        meets: (ratio) => ratio >= LEAST,
        runs: rates,
      }),
      absolute({ ...row, name: 'p99 latency during an import', unit: 'ms', values: p99, most: MOST_P99_MS }),
      absolute({ ...row, name: 'rows imported during it', unit: '1/s', values: imported }),
    ]
  } finally {
    await installation.remove()
  }
}
