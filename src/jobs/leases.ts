import { sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'

/**
 * A lease that is held. Its epoch grows each time it changes hands, so that an earlier holder's results can be
 * recognised.
 */
export interface Lease {
  name: string
  epoch: number
  /** True when it was somebody else's, or nobody's, until now. */
  fresh: boolean
}

export interface LeaseTerms {
  owner: string
  now: number
  lifetimeMs: number
  /** Does not take over leases that others let lapse. */
  renewOnly?: boolean
}

/** Takes or renews, for `lifetimeMs` from `now`, those of the named leases that are free, lapsed or ours. */
export async function takeLeases(
  database: Database,
  names: readonly string[],
  { owner, now, lifetimeMs, renewOnly = false }: LeaseTerms,
): Promise<Lease[]> {
  const { query } = database
  const wanted = rowSet(
    database,
    'wanted',
    { name: 'text' },
    [...names].sort().map((name) => ({ name })),
  )
  const held = query.selectFrom('lease').select(['name', 'epoch']).where('owner', '=', owner)
  const before = new Map((await database.read(held)).map(({ name, epoch }) => [name, epoch]))
  const [rows] = await database.transact([
    query
      .insertInto('lease')
      .columns(['name', 'owner', 'epoch', 'expires_at'])
      .expression(
        (eb) =>
          eb
            .selectFrom(wanted)
            .select([
              'name',
              sql.val(owner).as('owner'),
              sql.lit(1).as('epoch'),
              sql.val(now + lifetimeMs).as('end'),
            ])
            .where(sql<boolean>`1 = 1`) as never,
      )
      .onConflict((oc) =>
        oc
          .column('name')
          .doUpdateSet({
            owner,
            epoch: sql<number>`case when lease.owner = ${owner} then lease.epoch else lease.epoch + 1 end`,
            expires_at: now + lifetimeMs,
          })
          .where(
            sql<boolean>`lease.owner = ${owner} or (lease.expires_at <= ${now} and ${renewOnly ? 0 : 1} = 1)`,
          ),
      )
      .returning(['name', 'epoch']),
  ])
  return rows.map(({ name, epoch }) => ({ name, epoch, fresh: before.get(name) !== epoch }))
}

/**
 * Ends all leases, whoever held them: for a process that knows itself to be the only one, since the others' locks on the data
 * directory are gone.
 */
export async function endLeases(database: Database): Promise<void> {
  await database.transact([database.query.updateTable('lease').set({ owner: '', expires_at: 0 })])
}

/** Gives leases back at a clean stop, so that another process need not wait for them to lapse. */
export async function releaseLeases(database: Database, owner: string): Promise<void> {
  await database.transact([
    database.query.updateTable('lease').set({ owner: '', expires_at: 0 }).where('owner', '=', owner),
  ])
}
