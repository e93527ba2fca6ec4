import { setTimeout as sleep } from 'node:timers/promises'
import { startChild } from '../support/child.ts'
import { createInstallation, type Engine } from '../support/installation.ts'
import { memoryOf } from '../support/memory.ts'
import { absolute, type Result, type Row } from '../support/result.ts'

const MOST_MS = 1_500
const MOST_MIB = 200
const SETTLING_MS = 3_000

/**
 * Time from a warm start to the first 200, and memory when idle: design B8. There is no baseline; the goals are
 * absolute.
 */
export const b8: Row = {
  id: 'B8',
  title: 'warm start to first 200, idle memory',
  run: async ({ rounds }) => [...(await onEngine('sqlite', rounds)), ...(await onEngine('postgres', rounds))],
}

async function onEngine(engine: Engine, rounds: number): Promise<Result[]> {
  const installation = await createInstallation(engine)
  try {
    const starts: number[] = []
    const memory: number[] = []
    // The first start is the cold one: it compiles.
    for (let round = 0; round <= rounds; round++) {
      const before = performance.now()
      const url = `http://127.0.0.1:${installation.port}/healthz`
      const server = await startChild('src/main.ts', ['serve'], installation.env, url)
      const took = performance.now() - before
      await sleep(SETTLING_MS)
      const used = await memoryOf(server.process).now()
      await server.stop()
      if (round === 0) continue
      starts.push(took)
      memory.push(used)
    }
    const row = { row: 'B8', engine } as const
    return [
      absolute({ ...row, name: 'warm start to the first 200', unit: 'ms', values: starts, most: MOST_MS }),
      absolute({ ...row, name: 'resident memory when idle', unit: 'MiB', values: memory, most: MOST_MIB }),
    ]
  } finally {
    await installation.remove()
  }
}
