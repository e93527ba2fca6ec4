import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordAudit } from '../../audit/audit.ts'
import { heldLeases } from '../../jobs/held-leases.ts'
import type { Address } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { seal, unseal } from '../../kernel/sealing.ts'
import type { Database } from '../../storage/database.ts'
import type { IdSource } from '../../storage/id-block.ts'
import type { Tables } from '../../storage/tables.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { type ErasePerson, refuseWhileFilesWait } from './erase-person.ts'

/** How an erasure stands, and its receipt once it is finished. It does not tell whose it is. */
export interface ErasureView {
  id: string
  /** When it was asked for; like all times in epoch milliseconds. */
  at: number
  siteId: number
  /** Of the secret key from which the one is derived that hashes. */
  keyId: string
  /** How many rows were rewritten or removed, by table. */
  replaced: Record<string, number>
  /** The table that is being looked through, and how many rows were looked at so far. */
  lookingAt: string | null
  looked: number
  /** Null as long as it is under way. */
  finishedAt: number | null
}

export interface Erasures {
  /**
   * Resolves once it is durable that the person is to be erased: from then on it is done, by whichever process. Asked
   * for while it is under way it is the same one, which looks at everything once more. Answers its id. Throws
   * DomainError `unavailable`.
   */
  begin(siteId: number, person: Address, requestedBy: string): Promise<string>
  /** `siteId` undefined stands for all sites. Throws DomainError `not-found`. */
  find(siteId: number | undefined, id: string): Promise<ErasureView>
  /** The same once it is finished, or after so many milliseconds. */
  settled(siteId: number | undefined, id: string, withinMs: number): Promise<ErasureView>
  /**
   * Goes on with those at which nobody is at work any more, and resolves once this process has done what it could of
   * them.
   */
  goOn(): Promise<void>
  /** Leaves what is under way here to others. */
  stop(): Promise<void>
}

export interface ErasuresParts {
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'audit', IdSource>
  erased: Pick<ErasedPeople, 'placeholder'>
  erasePerson: ErasePerson
  filesWait(): boolean
  onError(error: unknown): void
}

type Row = Tables['erasure']

/** Where the person is sealed: nobody reads who it was from the database, as long as it is not done. */
const PLACE = 'erasure'
const SAVED_EVERY_MS = 1_000
const LOOKED_AFTER_MS = 100

export function createErasures(parts: ErasuresParts): Erasures {
  const { database, keyring, clock, ids, onError } = parts
  const { query } = database
  const leases = heldLeases(database, clock, randomUUID())
  const atWork = new Map<string, Promise<void>>()
  let stopped = false

  /** Says how far it has come; rejects when it is no longer this process's. */
  const watching = (row: Row) => {
    const before: Record<string, number> = JSON.parse(row.replaced_json)
    let looked = row.looked
    let savedAt = performance.now()
    return {
      totalOf: (replaced: Record<string, number>) => sum(before, replaced),
      looked: () => looked,
      onLooked: async (table: string, rows: number, replaced: Record<string, number>) => {
        looked += rows
        if (stopped || !(await leases.hold(leaseOf(row)))) throw new LeftToOthers()
        if (performance.now() - savedAt < SAVED_EVERY_MS) return
        savedAt = performance.now()
        const replaced_json = JSON.stringify(sum(before, replaced))
        await database.transact([
          query
            .updateTable('erasure')
            .set({ looking_at: table, looked, replaced_json })
            .where('id', '=', row.id),
        ])
      },
    }
  }

  const carryOut = async (row: Row): Promise<void> => {
    if (row.sealed_person === null || !(await leases.hold(leaseOf(row)))) return
    const person: Address = JSON.parse(unseal(keyring, PLACE, row.sealed_person))
    const watch = watching(row)
    const { replaced } = await parts.erasePerson(row.site_id, person, watch.onLooked)
    const total = watch.totalOf(replaced)
    const replaced_json = JSON.stringify(total)
    const [finished] = await database.transact([
      query
        .updateTable('erasure')
        .set({
          sealed_person: null,
          looking_at: null,
          looked: watch.looked(),
          replaced_json,
          finished_at: clock(),
        })
        .where('id', '=', row.id)
        .where('finished_at', 'is', null)
        // Somebody who asked meanwhile may have seen something come back behind us.
        .where('asked', '=', row.asked)
        .returning('id'),
      query
        .updateTable('erasure')
        .set({ looked: watch.looked(), replaced_json })
        .where('id', '=', row.id)
        .where('finished_at', 'is', null),
    ])
    if (finished.length === 0) {
      const again = await readRow(row.id)
      return again?.finished_at === null ? carryOut(again) : undefined
    }
    const { id, site_id: siteId, key_id: keyId, requested_at: at, requested_by: actor } = row
    const detail = { at, siteId, keyId, replaced: total }
    await recordAudit(database, ids.audit, {
      at: clock(),
      actor,
      action: 'person.erase',
      siteId,
      subject: id,
      detail,
    })
  }

  const work = (row: Row): Promise<void> => {
    const under = atWork.get(row.id)
    if (under || stopped) return under ?? Promise.resolve()
    const working = carryOut(row)
      .catch((error) => {
        if (!(error instanceof LeftToOthers)) onError(error)
      })
      .finally(() => atWork.delete(row.id))
    atWork.set(row.id, working)
    return working
  }

  const readRow = async (id: string): Promise<Row | undefined> => {
    const [row] = await database.read(query.selectFrom('erasure').selectAll().where('id', '=', id))
    return row
  }

  const find: Erasures['find'] = async (siteId, id) => {
    const row = await readRow(id)
    if (!row || (siteId !== undefined && siteId !== row.site_id)) {
      throw new DomainError('not-found', 'there is no such erasure')
    }
    return toView(row)
  }

  return {
    find,
    begin: async (siteId, person, requestedBy) => {
      refuseWhileFilesWait(parts)
      const { hash, keyId } = await parts.erased.placeholder(person.key)
      const [[row]] = await database.transact([
        query
          .insertInto('erasure')
          .values({
            ...{ id: randomUUID(), site_id: siteId, hash, key_id: keyId },
            sealed_person: seal(keyring, PLACE, JSON.stringify(person)),
            ...{ requested_by: requestedBy, requested_at: clock(), asked: 1, finished_at: null },
            ...{ looking_at: null, looked: 0, replaced_json: '{}' },
          })
          .onConflict((oc) =>
            oc
              .columns(['site_id', 'hash'])
              .where('finished_at', 'is', null)
              .doUpdateSet({ asked: (eb) => eb('erasure.asked', '+', 1) }),
          )
          .returningAll(),
      ])
      if (!row) throw new DomainError('internal', 'the erasure was not stored')
      void work(row)
      return row.id
    },
    settled: async (siteId, id, withinMs) => {
      const until = performance.now() + withinMs
      for (;;) {
        const view = await find(siteId, id)
        if (view.finishedAt !== null || performance.now() >= until || stopped) return view
        await Promise.race([atWork.get(id) ?? sleep(LOOKED_AFTER_MS), sleep(LOOKED_AFTER_MS)])
      }
    },
    goOn: async () => {
      if (parts.filesWait()) return
      const rows = await database.read(
        query.selectFrom('erasure').selectAll().where('finished_at', 'is', null).orderBy('requested_at'),
      )
      for (const row of rows) await work(row)
    },
    stop: async () => {
      stopped = true
      await Promise.all(atWork.values())
      await leases.release().catch(onError)
    },
  }
}

/** Another process has it by now, or this one ends. */
class LeftToOthers extends Error {}

function leaseOf({ id }: Pick<Row, 'id'>): string {
  return `erasure ${id}`
}

function sum(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const total = { ...a }
  for (const [table, rows] of Object.entries(b)) total[table] = (total[table] ?? 0) + rows
  return total
}

function toView(row: Row): ErasureView {
  return {
    id: row.id,
    at: row.requested_at,
    siteId: row.site_id,
    keyId: row.key_id,
    replaced: JSON.parse(row.replaced_json),
    lookingAt: row.looking_at,
    looked: row.looked,
    finishedAt: row.finished_at,
  }
}
