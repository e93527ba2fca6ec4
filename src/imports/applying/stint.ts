import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../kernel/clock.ts'
import type { Database, EngineName } from '../../storage/database.ts'
import { applyChunk } from './apply-chunk.ts'
import { dryRunChunk } from './dry-run-chunk.ts'
import { type ActiveImport, isAhead } from './import-part.ts'
import { undoChunk } from './undo-chunk.ts'

/** Imports into other lists wait no longer than this for their turn. */
const STINT_MS = 250
/** How many parts of a list are worked on at once while nobody else wants the database: SQLite has one writer. */
const LANES: Record<EngineName, number> = { sqlite: 1, postgres: 2 }

/**
 * Works on chunks of an import's next list for a while, or until `isOver`. While anybody else waits for the database,
 * only one part goes on, and rests half of the time.
 */
export async function workStint(
  database: Database,
  row: ActiveImport,
  { clock, isOver }: { clock: Clock; isOver(): boolean },
): Promise<void> {
  const carryOut = row.state === 'undoing' ? undoChunk : row.dry_run === 1 ? dryRunChunk : applyChunk
  const until = performance.now() + STINT_MS
  const parts = row.ahead.filter(({ list_id }) => list_id === row.ahead[0]?.list_id)
  let underWay = 0
  const doOthersWait = () => database.waiting() > underWay
  const isOverBy = (isClaimed: boolean) => !isClaimed || isOver() || performance.now() > until
  const lane = async (_: unknown, index: number) => {
    const isFirst = index === 0
    for (let part = parts.shift(); part; part = isAhead(part) ? part : parts.shift()) {
      if (!isFirst && doOthersWait()) return
      const began = performance.now()
      underWay++
      const isClaimed = await carryOut(database, row, part, clock()).finally(() => underWay--)
      if (isFirst && doOthersWait()) await sleep(performance.now() - began)
      // The chunks of a dry run go one after another, since each adds to the sample of the one before.
      if (isOverBy(isClaimed) || row.dry_run === 1) return
      part = { ...part, next_chunk: part.next_chunk + 1 }
    }
  }
  const lanes = Array.from({ length: row.dry_run === 1 ? 1 : LANES[database.engine] }, lane)
  // All of them are awaited, even if one has failed.
  for (const outcome of await Promise.allSettled(lanes)) {
    if (outcome.status === 'rejected') throw outcome.reason
  }
}
