import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { heldLeases } from '../../jobs/held-leases.ts'
import { takeLeases } from '../../jobs/leases.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import type { ImportTable } from '../../storage/import-tables.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { discardImport } from '../discard.ts'
import { maskEarlier } from '../erased/mask-erased.ts'
import { receivingLease } from '../storing/store-import.ts'
import { closeParts } from './claim-chunk.ts'
import { type ActiveImport, findParts, totalOf, withPartsAhead } from './import-part.ts'
import { refreshStatistics } from './refresh-statistics.ts'
import { workStint } from './stint.ts'

export interface ImportJob {
  /** To be called when there is something to do. */
  wake(): void
  /** Waits for the chunks that are under way. */
  stop(): Promise<void>
}

export interface ImportJobParts {
  database: Database
  clock: Clock
  erased: Pick<ErasedPeople, 'ofSite'>
  onError(error: unknown): void
}

const IDLE_MS = 1_000
const LEASE_MS = 10_000
const SWEEP_MS = 1_000
/** A deadlock goes away by itself; what fails this often does not. */
const MOST_FAILURES = 5

/**
 * Applies and undoes what is waiting, some chunks at a time. Imports into one list run in the order in which they came,
 * those into different lists take turns. Any process may do it: the one that has the lease of a list does, and another
 * takes over when the lease has lapsed.
 */
export function startImportJob({ database, clock, erased, onError }: ImportJobParts): ImportJob {
  const owner = randomUUID()
  const leases = heldLeases(database, clock, owner)
  const failures = new Map<number, number>()
  let sweptAt = Number.NEGATIVE_INFINITY
  let stopped = false
  let wake = () => {}
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const step = async (row: ActiveImport, lease: string): Promise<void> => {
    if (row.masked === 0 && row.state !== 'undoing')
      return maskEarlier({ database, erased }, row, () => leases.hold(lease))
    if (row.ahead.length === 0) return finish(database, row, clock())
    if (row.state === 'queued') await begin(database, row, clock())
    await workStint(database, row, { clock, isOver: () => stopped })
  }
  const turn = async (): Promise<boolean> => {
    const active = await findActive(database)
    if (performance.now() - sweptAt > SWEEP_MS) {
      await discardAbandoned(database, active, owner, clock())
      sweptAt = performance.now()
    }
    let worked = false
    for (const row of oldestOfEachList(await withPartsAhead(database, active))) {
      const lease = `imports into list ${nextListOf(row)}`
      if (stopped || !(await leases.hold(lease))) continue
      await step(row, lease).catch(async (error) => {
        const count = (failures.get(row.id) ?? 0) + (error instanceof DatabaseUnavailable ? 0 : 1)
        failures.set(row.id, count)
        if (count >= MOST_FAILURES) await fail(database, row, clock())
        throw error
      })
      worked = true
    }
    return worked
  }
  const work = async () => {
    while (!stopped) {
      const worked = await turn().catch((error) => {
        onError(error)
        return false
      })
      if (!worked && !stopped) await rest()
    }
    await leases.release().catch(onError)
  }
  const working = work()
  return {
    wake: () => wake(),
    stop: async () => {
      stopped = true
      wake()
      await working
    },
  }
}

async function findActive(database: Database): Promise<ImportTable[]> {
  return database.read(
    database.query
      .selectFrom('import')
      .selectAll()
      .where('state', 'in', ['receiving', 'queued', 'running', 'undoing'])
      .orderBy('id'),
  )
}

/** An import into several lists waits until it is the oldest on each list that it has still to change. */
function oldestOfEachList(active: readonly ActiveImport[]): ActiveImport[] {
  const taken = new Set<number>()
  return active.filter(({ state, dry_run, list_id, ahead }) => {
    if (state === 'receiving') return false
    // A dry run changes nothing, so it waits for nobody.
    if (dry_run === 1) return true
    const lists = list_id === 0 ? ahead.map((part) => part.list_id) : [list_id]
    const isOldest = lists.every((list) => !taken.has(list))
    for (const list of lists) taken.add(list)
    return isOldest
  })
}

function nextListOf({ ahead: [part], list_id }: ActiveImport): number {
  return part?.list_id ?? list_id
}

async function begin(database: Database, { id }: ImportTable, now: number): Promise<void> {
  await database.transact([
    database.query
      .updateTable('import')
      .set({ state: 'running', started_at: now })
      .where('id', '=', id)
      .where('state', '=', 'queued'),
  ])
}

async function finish(database: Database, row: ImportTable, now: number): Promise<void> {
  const { id, state, dry_run } = row
  const end =
    state === 'undoing'
      ? ({ state: 'undone', undone_at: now } as const)
      : ({ state: 'done', finished_at: now } as const)
  await database.transact([
    closeParts(database, id),
    database.query
      .updateTable('import')
      .set(end)
      .where('id', '=', id)
      .where('state', '=', state)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('import_part')
              .select('first_chunk')
              .where('import_id', '=', id)
              .whereRef('next_chunk', '<', sql<number>`first_chunk + chunks`),
          ),
        ),
      ),
  ])
  const counter = state === 'undoing' ? 'undone' : 'changed'
  if (dry_run === 0) await refreshStatistics(database, totalOf(await findParts(database, [id]), counter))
}

async function fail(database: Database, { id, state }: ImportTable, now: number): Promise<void> {
  const error = 'something went wrong on our side; the log has the cause'
  await database.transact([
    closeParts(database, id),
    database.query
      .updateTable('import')
      .set({ state: 'failed', finished_at: now, error })
      .where('id', '=', id)
      .where('state', '=', state),
  ])
}

/** Removes imports whose process died before everything was stored. */
async function discardAbandoned(
  database: Database,
  active: readonly ImportTable[],
  owner: string,
  now: number,
): Promise<void> {
  for (const { id } of active.filter(({ state }) => state === 'receiving')) {
    const terms = { owner, now, lifetimeMs: LEASE_MS }
    const taken = await takeLeases(database, [receivingLease(id)], terms)
    if (taken.length === 0) continue
    // The lease is also free once everything has been stored. The import stays `receiving` until all of it is gone, so
    // that the next sweep goes on where this one breaks off, as on a full disk.
    const [abandoned] = await database.transact([
      database.query
        .updateTable('import')
        .set({ claim: owner })
        .where('id', '=', id)
        .where('state', '=', 'receiving')
        .returning('id'),
    ])
    if (abandoned.length > 0) await discardImport(database, id)
    await database.transact([database.query.deleteFrom('lease').where('name', '=', receivingLease(id))])
  }
}
