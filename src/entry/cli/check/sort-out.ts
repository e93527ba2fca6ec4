import type { Writable } from 'node:stream'
import { meterLine, type startMeter } from '../meter.ts'
import { write } from '../output.ts'
import type { Progress } from '../progress.ts'
import type { Exclusion, Judged } from './judge.ts'
import type { Row } from './read-rows.ts'

/** Where the rows go; rows of the other kinds are only counted. */
export interface Places {
  /** Deliverable rows as they are, or a verdict for every row. */
  output: { stream: Writable; form: 'rows' | 'verdicts' }
  excluded: Writable | undefined
  malformed: Writable | undefined
}

/** How many rows there were of each kind. */
export interface Counts {
  deliverable: number
  excluded: number
  malformed: number
  /** How many are excluded, by the list that excludes them. */
  lists: Record<string, number>
}

/** Writes every row where it belongs, and reports the progress. */
export async function sortOut(
  judged: AsyncIterable<Judged>,
  { output, excluded, malformed }: Places,
  watch: { progress: Progress; measure: ReturnType<typeof startMeter> },
): Promise<Counts> {
  const counts: Counts = { deliverable: 0, excluded: 0, malformed: 0, lists: {} }
  for await (const batch of judged) {
    let [kept, out, broken] = ['', '', '']
    for (const row of batch.rows) {
      const exclusion = batch.excluded.get(row.address)
      const isMalformed = batch.malformed.has(row.address)
      if (exclusion) {
        counts.excluded++
        counts.lists[exclusion.list] = (counts.lists[exclusion.list] ?? 0) + 1
        out += exclusionLine(exclusion)
      } else if (isMalformed) {
        counts.malformed++
        broken += `${row.address}\t\tmalformed\t\n`
      } else {
        counts.deliverable++
      }
      if (output.form === 'verdicts') kept += verdictLine(row, exclusion, isMalformed)
      else if (!exclusion && !isMalformed) kept += row.text
    }
    await write(output.stream, output.form === 'rows' ? batch.head + kept : kept)
    if (excluded) await write(excluded, out)
    if (malformed) await write(malformed, broken)
    const rows = counts.deliverable + counts.excluded + counts.malformed
    watch.progress.show(meterLine(watch.measure({ rows, bytes: batch.bytes })))
  }
  return counts
}

function exclusionLine({ address, list, reason, since }: Exclusion): string {
  return `${address}\t${list}\t${reason}\t${since}\n`
}

function verdictLine({ address }: Row, exclusion: Exclusion | undefined, isMalformed: boolean): string {
  const verdict = exclusion
    ? { deliverable: false, ...exclusion }
    : isMalformed
      ? { address, deliverable: false, malformed: true }
      : { address, deliverable: true }
  return `${JSON.stringify(verdict)}\n`
}
