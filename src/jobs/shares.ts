import type { Database } from '../storage/database.ts'
import { type Lease, takeLeases } from './leases.ts'

/** What one of several workers holds of the work that they share. */
export interface Share {
  /** The leases that it works on, ordered by name. */
  held: Lease[]
  /**
   * Leases that it still holds but is about to give up, because another worker has too few: nothing new is begun on
   * them.
   */
  leaving: Lease[]
}

export interface ShareTerms {
  owner: string
  now: number
  lifetimeMs: number
  /** Does not take over leases that others let lapse. */
  renewOnly: boolean
  /** True while something is under way on a lease, which is not given up before that ends. */
  isBusy(name: string): boolean
}

/**
 * Takes and renews a fair share of the named leases: of three live workers each comes to hold a third. A worker counts as
 * live while the lease of its own, `member OWNER of GROUP`, has not lapsed.
 */
export async function takeShare(
  database: Database,
  group: string,
  names: readonly string[],
  { owner, now, lifetimeMs, renewOnly, isBusy }: ShareTerms,
): Promise<Share> {
  const member = (name: string) => `member ${name} of ${group}`
  const isMember = (name: string) => name.startsWith('member ') && name.endsWith(` of ${group}`)
  const terms = { owner, now, lifetimeMs }
  await takeLeases(database, [member(owner)], terms)
  const leases = await database.read(
    database.query.selectFrom('lease').select(['name', 'owner', 'expires_at']),
  )
  const live = leases.filter(({ expires_at }) => expires_at > now)
  await forget(
    database,
    leases.filter((lease) => lease.expires_at <= now && isMember(lease.name)).map(({ name }) => name),
    now,
  )
  const workers = live.filter((lease) => lease.name === member(lease.owner)).map((lease) => lease.owner)
  const most = partOf(names.length, workers, owner)

  const wanted = new Set(names)
  const own = live.filter((lease) => lease.owner === owner && wanted.has(lease.name)).map(({ name }) => name)
  const surplus = own.slice(most)
  const given = surplus.filter((name) => !isBusy(name))
  await giveUp(database, owner, given)

  const taken = new Set(live.map(({ name }) => name))
  const free = renewOnly ? [] : shuffled(names.filter((name) => !taken.has(name)))
  const kept = own.filter((name) => !given.includes(name))
  const asked = [...kept, ...free.slice(0, Math.max(0, most - kept.length))]
  const held = await takeLeases(database, asked, { ...terms, renewOnly })
  const leaving = new Set(surplus)
  return {
    held: held.filter(({ name }) => !leaving.has(name)),
    leaving: held.filter(({ name }) => leaving.has(name)),
  }
}

/** The size of a worker's part. Parts differ by one at most; who has the larger ones follows from the owners' names. */
function partOf(count: number, workers: readonly string[], owner: string): number {
  const rank = workers.toSorted().indexOf(owner)
  return Math.floor(count / workers.length) + (rank < count % workers.length ? 1 : 0)
}

async function giveUp(database: Database, owner: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await database.transact([
    database.query
      .updateTable('lease')
      .set({ owner: '', expires_at: 0 })
      .where('owner', '=', owner)
      .where('name', 'in', names),
  ])
}

/** Shuffles, so that workers that come at the same time do not all reach for the same leases. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** Removes the traces of workers that are gone; one that was only slow signs on again. */
async function forget(database: Database, members: readonly string[], now: number): Promise<void> {
  if (members.length === 0) return
  await database.transact([
    database.query.deleteFrom('lease').where('name', 'in', members).where('expires_at', '<=', now),
  ])
}
