/** One line of `bench/results.json`: a figure of Kaijo's beside the same figure of a baseline. */
export interface Result {
  row: string
  name: string
  engine: 'sqlite' | 'postgres' | '-'
  /** Medians over the runs. */
  value: number
  unit: string
  baseline: number | null
  /** value / baseline; for times and memory smaller is better, for rates larger. */
  ratio: number | null
  goal: string
  met: boolean
  /** Every run in order, Kaijo and baseline in turn. */
  runs: { value: number; baseline: number | null }[]
}

export interface Row {
  id: string
  title: string
  run(options: { rounds: number }): Promise<Result[]>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** A figure whose runs were made in turn with its baseline's. */
export function compared(
  given: Pick<Result, 'row' | 'name' | 'engine' | 'unit' | 'goal'> & {
    runs: { value: number; baseline: number }[]
    meets(ratio: number): boolean
  },
): Result {
  const { meets, ...rest } = given
  const value = median(given.runs.map((run) => run.value))
  const baseline = median(given.runs.map((run) => run.baseline))
  const ratio = median(given.runs.map((run) => run.value / run.baseline))
  return { ...rest, value, baseline, ratio, met: meets(ratio) }
}
