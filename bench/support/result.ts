/** One line of `bench/results.json`: a figure of Kaijo next to the same figure of a baseline. */
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
  /** Every run in order, Kaijo and baseline alternating. */
  runs: { value: number; baseline: number | null }[]
}

export interface Row {
  id: string
  title: string
  run(options: RunOptions): Promise<Result[]>
}

export interface RunOptions {
  rounds: number
  /** Whether to run what takes hours, too. */
  full: boolean
  /** The number of rows asked for, or fewer when only the bench itself is being tried. */
  rows(count: number): number
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** A figure whose runs alternated with its baseline's. */
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

/** A figure without a baseline: only reported, or held to a maximum. */
export function absolute(
  given: Pick<Result, 'row' | 'name' | 'engine' | 'unit'> & { values: readonly number[]; most?: number },
): Result {
  const { values, most, ...rest } = given
  const value = median(values)
  return {
    ...rest,
    goal: most === undefined ? 'reported' : `<= ${most}`,
    runs: values.map((run) => ({ value: run, baseline: null })),
    value,
    baseline: null,
    ratio: null,
    met: most === undefined || value <= most,
  }
}
