import { createBatcher } from '../kernel/batcher.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import type { ChangeResult, SuppressionChange } from './change.ts'
import { recordStatements, type Touched } from './record.ts'
import { readStateBefore } from './state-before.ts'

/** Carries out changes of suppressions; everyone who changes one goes through here. */
export interface Recorder {
  /** Resolves once the change is durable. Rejects with DatabaseUnavailable when it could not be made; then nothing was. */
  record(change: SuppressionChange): Promise<ChangeResult>
  /** Changes that wait or are under way. */
  readonly depth: number
  idle(): Promise<void>
}

const MOST_CHANGES_PER_BATCH = 2_000

export function createRecorder(database: Database, clock: Clock): Recorder {
  const batcher = createBatcher<SuppressionChange, ChangeResult>({
    mostItems: MOST_CHANGES_PER_BATCH,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: (changes) => carryOut(database, changes, clock()),
  })
  return {
    record: (change) => batcher.add(change),
    get depth() {
      return batcher.depth
    },
    idle: () => batcher.idle(),
  }
}

/**
 * One transaction for all. No statement may meet one row twice, so changes that concern the same recipient on the
 * same list go into waves, one after another in the order in which they came; identical requests count as one.
 */
async function carryOut(
  database: Database,
  changes: SuppressionChange[],
  at: number,
): Promise<ChangeResult[]> {
  const placed = place(changes)
  const statements = placed.waves.flatMap((wave) => recordStatements(database, [...wave.values()], at))
  const results = await database.transact(statements)
  const touched = placed.waves.map((_, index) => {
    const rows = [...(results[3 * index] ?? []), ...(results[3 * index + 1] ?? [])] as Touched[]
    return new Map(rows.map((row) => [keyOf(row.address_key, row.list_id), row]))
  })
  return changes.map((change, index) => {
    const { wave, repeat } = placed.places[index] as Place
    const row = touched[wave]?.get(keyOf(change.recipient.key, change.listId))
    return { changed: !repeat && row !== undefined && altered(change, row, at) }
  })
}

interface Place {
  wave: number
  /** Merged into an identical change that came before it. */
  repeat: boolean
}

function place(changes: readonly SuppressionChange[]) {
  const waves: Map<string, SuppressionChange>[] = []
  const lastWave = new Map<string, number>()
  const places = changes.map((change): Place => {
    const key = keyOf(change.recipient.key, change.listId)
    const last = lastWave.get(key)
    const before = last === undefined ? undefined : waves[last]?.get(key)
    if (last !== undefined && before && isRepeat(before, change)) {
      if (change.requestedAt > before.requestedAt) {
        waves[last]?.set(key, { ...before, requestedAt: change.requestedAt })
      }
      return { wave: last, repeat: true }
    }
    const wave = last === undefined ? 0 : last + 1
    waves[wave] ??= new Map()
    waves[wave].set(key, change)
    lastWave.set(key, wave)
    return { wave, repeat: false }
  })
  return { waves, places }
}

function isRepeat(before: SuppressionChange, change: SuppressionChange): boolean {
  if (before.kind === 'stop' && change.kind === 'stop') return before.messageId === change.messageId
  return before.kind === change.kind
}

function altered(change: SuppressionChange, row: Touched, at: number): boolean {
  if (change.kind !== 'stop') return true
  // A lower revision is from before: the row was only renewed. A higher one with a state that excluded: a new message.
  return row.revision >= at && !readStateBefore(row.before)?.excluded
}

function keyOf(addressKey: string, listId: number): string {
  return `${listId} ${addressKey}`
}
