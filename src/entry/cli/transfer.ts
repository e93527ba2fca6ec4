import { meterLine, startMeter } from './meter.ts'
import { startProgress } from './progress.ts'

/** What is known about a file being transferred. */
interface File {
  /** True when each row is a line. */
  lines?: boolean
  /** In bytes. */
  size?: number | undefined
}

const LINE_FEED = 0x0a

/** Passes a file on, and reports how much of it has gone by. */
export function watched(
  content: AsyncIterable<Buffer>,
  file: File,
): { content: AsyncIterable<Buffer>; end(): void } {
  const progress = startProgress()
  const lineAt = startTransfer(file)
  async function* passing() {
    let bytes = 0
    let rows = 0
    for await (const chunk of content) {
      bytes += chunk.length
      if (file.lines) rows += linesIn(chunk)
      progress.show(lineAt({ bytes, rows }))
      yield chunk
    }
  }
  return { content: passing(), end: progress.end }
}

/** `120000 rows, 12.3 MB, 40000 rows a second, 4.1 MB/s`; with a bar where the size is known. */
export function startTransfer({ lines, size }: File): (done: { bytes: number; rows: number }) => string {
  const measure = startMeter(size)
  const begun = performance.now()
  return ({ bytes, rows }) => {
    const { part, rowsPerSecond, secondsLeft } = measure({ rows, bytes })
    const perSecond = (bytes / Math.max(performance.now() - begun, 1)) * 1_000
    const meter = meterLine({ part, rowsPerSecond: lines ? rowsPerSecond : null, secondsLeft })
    return [lines ? `${rows} rows` : '', `${mega(bytes)} MB`, meter, `${mega(perSecond)} MB/s`]
      .filter(Boolean)
      .join(', ')
  }
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function linesIn(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) count++
  return count
}
