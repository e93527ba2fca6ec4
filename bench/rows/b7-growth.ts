import { createStore, type Store } from '../support/checked-store.ts'
import type { Engine } from '../support/installation.ts'
import { compared, type Result, type Row, type RunOptions } from '../support/result.ts'

const ROWS_PER_FILE = 1_000_000
const RECIPIENTS = 1_000_000
const TIMES_TEN = 2
/** Settings that differ from PostgreSQL's defaults, and those of SQLite in src/storage/sqlite/open-sqlite.ts. */
const CACHES: Record<Engine, string> = {
  sqlite: 'caches 64 MiB writing, 16 MiB reading',
  postgres: 'shared_buffers 128 MiB',
}

/** What an import and a check cost when the store is ten times as large: design B7. */
export const b7: Row = {
  id: 'B7',
  title: 'import and check of 1,000,000 rows each in a store of 10,000,000, against one of 1,000,000',
  run: async (options) => {
    const results: Result[] = []
    for (const engine of ['sqlite', 'postgres'] as const) {
      for (const millions of options.full ? [10, 100] : [10]) {
        results.push(...(await grown(engine, millions, options)))
      }
    }
    return results
  },
}

async function grown(engine: Engine, millions: number, { rounds, rows }: RunOptions): Promise<Result[]> {
  const large = await createStore(engine)
  const imports: { value: number; baseline: number }[] = []
  const checks: { value: number; baseline: number }[] = []
  try {
    const perFile = rows(ROWS_PER_FILE)
    for (let file = 1; file < millions; file++) await large.grow(perFile)
    for (let round = 0; round < rounds; round++) {
      const small = await createStore(engine)
      try {
        // Each run makes the large store even larger.
        imports.push({ baseline: await small.grow(perFile), value: await large.grow(perFile) })
        checks.push({
          baseline: await checked(small, rows(RECIPIENTS)),
          value: await checked(large, rows(RECIPIENTS)),
        })
      } finally {
        await small.remove()
      }
    }
  } finally {
    await large.remove()
  }
  const most = TIMES_TEN ** Math.log10(millions)
  const result = (name: string, runs: typeof imports) =>
    compared({
      row: 'B7',
      engine,
      name: `${name} with ${millions},000,000 rows against 1,000,000 (${CACHES[engine]})`,
      unit: 's',
      goal: `<= ${most}`,
      meets: (ratio) => ratio <= most,
      runs: runs.map(({ value, baseline }) => ({ value: value / 1000, baseline: baseline / 1000 })),
    })
  return [result('import', imports), result('check', checks)]
}

/** The second of two runs: the first finds cold caches. */
async function checked(store: Store, count: number): Promise<number> {
  await store.prepareRecipients(count)
  await store.check()
  return store.check()
}
