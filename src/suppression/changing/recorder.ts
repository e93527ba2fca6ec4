import { createBatcher } from '../../kernel/batcher.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database, EngineName } from '../../storage/database.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../erased/erased.ts'
import type { ChangeResult, SuppressionChange } from './change.ts'
import { lockStatements } from './lock.ts'
import { type RecordStatements, type Request, recordStatements, type Written } from './record.ts'
import { readStateBefore } from './state-before.ts'

/**
 * Carries out changes of suppressions, in batches; every change that is not part of a larger transaction goes through
 * here.
 */
export interface Recorder {
  /**
   * Resolves once the change is durable. Rejects with DatabaseUnavailable when it could not be made; then nothing was
   * changed.
   */
  record(change: SuppressionChange): Promise<ChangeResult>
  /** Changes that wait or are under way. */
  readonly depth: number
  idle(): Promise<void>
}

const MOST_CHANGES_PER_BATCH = 2_000

/** Batches under way at once: SQLite has one writer, PostgreSQL lets one batch work while another one's commit is flushed. */
const LANES: Record<EngineName, number> = { sqlite: 1, postgres: 3 }

/** All changes of a recipient go through one lane, which keeps their order; no two lanes ever touch the same row. */
export function createRecorder(
  database: Database,
  clock: Clock,
  erased: Pick<ErasedPeople, 'replace'> = NOBODY_ERASED,
): Recorder {
  const toStatements = recordStatements(database)
  const lanes = Array.from({ length: LANES[database.engine] }, () =>
    createBatcher<SuppressionChange, ChangeResult>({
      mostItems: MOST_CHANGES_PER_BATCH,
      isShared: (error) => error instanceof DatabaseUnavailable,
      run: async (changes) => carryOut(database, toStatements, await erased.replace(changes), clock()),
    }),
  )
  return {
    record: (change) =>
      (lanes[laneOf(change.recipient.key, lanes.length)] as (typeof lanes)[number]).add(change),
    get depth() {
      return lanes.reduce((depth, lane) => depth + lane.depth, 0)
    },
    idle: async () => void (await Promise.all(lanes.map((lane) => lane.idle()))),
  }
}

function laneOf(addressKey: string, lanes: number): number {
  if (lanes === 1) return 0
  let hash = 0
  for (let at = 0; at < addressKey.length; at++) hash = (Math.imul(hash, 31) + addressKey.charCodeAt(at)) | 0
  return Math.abs(hash) % lanes
}

/**
 * One transaction for the whole batch. No statement may touch a row twice, so changes that concern the same recipient
 * on the same list go into successive waves, in the order in which they came; identical requests count as one.
 */
async function carryOut(
  database: Database,
  toStatements: RecordStatements,
  changes: readonly SuppressionChange[],
  at: number,
): Promise<ChangeResult[]> {
  const { waves, places } = place(changes)
  const statements = waves.map((wave) => toStatements([...wave.values()], at))
  const results = await database.transact([...lockStatements(database, changes), ...statements.flat()])
  // Each wave's last statement returns its events. Statements are counted from the end, since locks come first.
  let end = results.length
  const written = statements.toReversed().map(({ length }) => {
    const events = results[end - 1] as Written[]
    end -= length
    return new Map(events.map((event) => [keyOf(event.address_key, event.list_id), event]))
  })
  written.reverse()
  return changes.map((change, index) => {
    const { wave, repeat } = places[index] as Place
    const event = written[wave]?.get(keyOf(change.recipient.key, change.listId))
    return { changed: !repeat && event !== undefined && altered(change, event) }
  })
}

interface Place {
  wave: number
  /** Merged into an identical change that came before it. */
  repeat: boolean
}

function place(changes: readonly SuppressionChange[]): { waves: Map<string, Request>[]; places: Place[] } {
  const waves: Map<string, Request>[] = []
  const lastWave = new Map<string, number>()
  const places = changes.map((change): Place => {
    const key = keyOf(change.recipient.key, change.listId)
    const last = lastWave.get(key) ?? -1
    const before = waves[last]?.get(key)
    if (before && isRepeat(before.change, change)) {
      before.renewedAt = Math.max(before.renewedAt, change.requestedAt)
      return { wave: last, repeat: true }
    }
    const wave = last + 1
    waves[wave] ??= new Map()
    waves[wave].set(key, { change, renewedAt: change.requestedAt })
    lastWave.set(key, wave)
    return { wave, repeat: false }
  })
  return { waves, places }
}

function isRepeat(before: SuppressionChange, change: SuppressionChange): boolean {
  if (before.kind === 'stop' && change.kind === 'stop') return before.messageId === change.messageId
  return before.kind === change.kind
}

/**
 * A new message adds an event for a recipient who was excluded all along, and for one whose exclusion lapsed after a
 * later request than this one.
 */
function altered(change: SuppressionChange, event: Written): boolean {
  const before = readStateBefore(event.before)
  if (change.kind !== 'stop' || !before) return true
  return !before.excluded && !(before.active && before.requestedAt >= change.requestedAt)
}

function keyOf(addressKey: string, listId: number): string {
  return `${listId} ${addressKey}`
}
