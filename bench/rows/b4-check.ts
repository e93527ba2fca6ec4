import { createStore } from '../support/checked-store.ts'
import type { Engine } from '../support/installation.ts'
import { compared, type Result, type Row, type RunOptions } from '../support/result.ts'

const RECIPIENTS = 1_000_000
const ROWS_PER_FILE = 1_000_000
const FILES = 10
const LEAST = 0.7

/** A file of a million recipients, each looked up on five lists that hold ten million rows together: design B4. */
export const b4: Row = {
  id: 'B4',
  title: 'kaijo check of 1,000,000 recipients, 5 lists each, against 10,000,000 rows',
  run: async (options) => [...(await onEngine('sqlite', options)), ...(await onEngine('postgres', options))],
}

async function onEngine(engine: Engine, { rounds, rows }: RunOptions): Promise<Result[]> {
  const store = await createStore(engine)
  try {
    for (let file = 0; file < FILES; file++) await store.grow(rows(ROWS_PER_FILE))
    const count = rows(RECIPIENTS)
    await store.prepareRecipients(count)
    const runs: { value: number; baseline: number }[] = []
    // The first run of each finds cold caches.
    for (let round = 0; round <= rounds; round++) {
      const [baseline, value] = [await store.probe(), await store.check()]
      if (round > 0) runs.push({ value: count / (value / 1000), baseline: count / (baseline / 1000) })
    }
    return [
      compared({
        row: 'B4',
        engine,
        name: 'recipients checked per second against a bare batched probe of the same keys',
        unit: '1/s',
        goal: `>= ${LEAST}`,
        meets: (ratio) => ratio >= LEAST,
        runs,
      }),
    ]
  } finally {
    await store.remove()
  }
}
