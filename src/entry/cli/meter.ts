/** How far some work has come. */
export interface Measure {
  /** From 0 to 1; undefined where nobody knows how much there is. */
  part: number | undefined
  rowsPerSecond: number | null
  secondsLeft: number | null
}

const WIDTH = 30

/** `[###############               ] 50 %, 120000 rows a second, 4 s left`. */
export function meterLine({ part, rowsPerSecond, secondsLeft }: Measure): string {
  const bar =
    part === undefined
      ? []
      : [`[${'#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH)}] ${Math.floor(part * 100)} %`]
  const speed = rowsPerSecond === null ? [] : [`${rowsPerSecond} rows a second`]
  const left = secondsLeft === null ? [] : [`${secondsLeft} s left`]
  return [...bar, ...speed, ...left].join(', ')
}

/** Measures work on a file as it goes on: `size` in bytes, where it is known. */
export function startMeter(size: number | undefined): (done: { rows: number; bytes: number }) => Measure {
  const started = performance.now()
  return ({ rows, bytes }) => {
    const seconds = Math.max(performance.now() - started, 1) / 1000
    const part = size === undefined ? undefined : Math.min(1, bytes / Math.max(size, 1))
    return {
      part,
      rowsPerSecond: Math.round(rows / seconds),
      secondsLeft: part === undefined || part === 0 ? null : Math.ceil((seconds * (1 - part)) / part),
    }
  }
}
