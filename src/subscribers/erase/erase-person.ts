import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from '../../kernel/address.ts'
import type { Clock } from '../../kernel/clock.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { addressInTexts } from '../../mail/address-in-texts.ts'
import type { Database } from '../../storage/database.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { eraseInbound } from './erase-inbound.ts'
import { eraseMail } from './erase-mail.ts'
import { eraseRaw } from './erase-raw.ts'
import { eraseRows } from './erase-rows.ts'
import { eraseTexts } from './erase-texts.ts'
import { isOfOperators, spellingsOf } from './spellings.ts'

/**
 * Erases a person from all of a site: wherever they are excluded a keyed hash takes the place of their address, and
 * everything else about them goes. Mail to them that waits is cancelled. Resolves once all of it is durable; answers
 * how many rows were rewritten or removed, by table. Can be repeated, from wherever it was cut off. `onLooked` is told
 * after each page that was looked at, and ends it by rejecting. Throws DomainError `unavailable` while something waits
 * in a file of this machine, which may be about them.
 */
export type ErasePerson = (
  siteId: number,
  person: Address,
  onLooked?: OnLooked,
) => Promise<{ replaced: Record<string, number> }>

type OnLooked = (table: string, rows: number, replaced: Record<string, number>) => Promise<void>

interface ErasePersonParts {
  database: Database
  clock: Clock
  erased: Pick<ErasedPeople, 'placeholder' | 'noted'>
  /** Whether requests or results wait on this machine's disk for the database. */
  filesWait(): boolean
}

const SETTLING_MS = 1_000

export function createErasePerson(parts: ErasePersonParts): ErasePerson {
  const { database, clock, erased } = parts
  return async (siteId, { key, address }, onLooked = async () => {}) => {
    refuseWhileFilesWait(parts)
    const { hash } = await erased.placeholder(key)
    await database.transact([
      database.query
        .insertInto('erased')
        .values({ site_id: siteId, address_key: hash, erased_at: clock() })
        .onConflict((oc) => oc.columns(['site_id', 'address_key']).doNothing()),
    ])
    erased.noted()
    const replaced: Record<string, number> = {}
    const counted = (table: string, rows: number) => {
      if (rows > 0) replaced[table] = (replaced[table] ?? 0) + rows
    }
    const looked = (table: string, rows: number) => onLooked(table, rows, replaced)
    // What was under way when the mark was set is written by then.
    await sleep(SETTLING_MS)
    const named = addressInTexts(await spellingsOf(database, key, address))
    const ofOperators = await isOfOperators(database, siteId, key)
    const erasure = { database, siteId, key, hash, named, isOfOperators: ofOperators, counted, looked }
    // The rows that hold the spellings come last, so that an erasure that was cut off still finds them when it is
    // repeated.
    await eraseInbound(erasure)
    await eraseTexts(erasure)
    await eraseRaw(erasure)
    await eraseMail(erasure)
    await eraseRows(erasure)
    return { replaced }
  }
}

/** Throws DomainError `unavailable`. */
export function refuseWhileFilesWait({ filesWait }: Pick<ErasePersonParts, 'filesWait'>): void {
  if (!filesWait()) return
  throw new DomainError('unavailable', 'requests that came while the database was away come first; try again')
}
