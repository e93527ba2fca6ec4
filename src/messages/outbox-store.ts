import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import { rowSet } from '../storage/row-set.ts'
import type { MessageState, MessageTable } from '../storage/tables.ts'
import { MESSAGE_COLUMN_NAMES } from './message-columns.ts'

/**
 * Takes messages that are due for an attempt: the attempt is written before it is made. Only buckets whose lease this
 * process holds may be named; each with the epoch of its lease, which the result must carry.
 */
export async function claimDue(
  database: Database,
  leases: ReadonlyMap<number, number>,
  { now, most }: { now: number; most: number },
): Promise<MessageTable[]> {
  const { query } = database
  const held = rowSet(
    database,
    'held',
    { bucket: 'integer', epoch: 'integer' },
    [...leases].map(([bucket, epoch]) => ({ bucket, epoch })),
  )
  const due = query
    .selectFrom(held)
    .innerJoin('message as m', 'm.bucket', 'held.bucket')
    .innerJoin('delivery as d', 'd.id', 'm.delivery_id')
    .where('m.state', '=', 'queued')
    .where('m.due_at', '<=', now)
    .where('d.state', '=', 'active')
    .select(['m.bucket', 'm.id', 'held.epoch'])
    .orderBy('m.due_at')
    .limit(most)
    .as('due')
  const [claimed] = await database.transact([
    query
      .updateTable('message')
      .from(due)
      .set({
        state: 'sending',
        attempts: sql<number>`message.attempts + 1`,
        epoch: sql<number>`due.epoch`,
        updated_at: now,
      })
      .whereRef('message.bucket', '=', 'due.bucket')
      .whereRef('message.id', '=', 'due.id')
      .where('message.state', '=', 'queued')
      .returning(MESSAGE_COLUMN_NAMES.map((name) => `message.${name}` as const)),
  ])
  return claimed as MessageTable[]
}

/** Gives attempts that an earlier holder of the bucket began and never ended back to the queue. */
export async function recoverBuckets(
  database: Database,
  leases: ReadonlyMap<number, number>,
  now: number,
): Promise<void> {
  if (leases.size === 0) return
  const held = rowSet(
    database,
    'held',
    { bucket: 'integer', epoch: 'integer' },
    [...leases].map(([bucket, epoch]) => ({ bucket, epoch })),
  )
  await database.transact([
    database.query
      .updateTable('message')
      .from(held)
      .set({ state: backInQueue(database), due_at: now, updated_at: now })
      .whereRef('message.bucket', '=', 'held.bucket' as never)
      .where('message.state', '=', 'sending')
      .where(sql<boolean>`message.epoch < held.epoch`),
  ])
}

/** The state of a message whose attempt came to nothing. */
function backInQueue({ query }: Database): RawBuilder<MessageState> {
  const cancelled = query
    .selectFrom('delivery')
    .select('id')
    .whereRef('delivery.id', '=', 'message.delivery_id' as never)
    .where('delivery.state', '=', 'cancelled')
  return sql`case when exists ${cancelled} then 'cancelled' else 'queued' end`
}

/** What became of an attempt. `raw` is given when the mail is kept instead of relayed. */
export interface AttemptResult
  extends Pick<
    MessageTable,
    | 'bucket'
    | 'id'
    | 'epoch'
    | 'state'
    | 'attempts'
    | 'due_at'
    | 'reply'
    | 'excluded_list_id'
    | 'excluded_reason'
    | 'excluded_since'
  > {
  raw?: Buffer | undefined
}

const RESULT_COLUMNS = {
  bucket: 'integer',
  id: 'integer',
  epoch: 'integer',
  state: 'text',
  attempts: 'integer',
  due_at: 'integer',
  reply: 'text',
  excluded_list_id: 'integer',
  excluded_reason: 'text',
  excluded_since: 'integer',
} as const

/**
 * Writes results. One whose lease was lost in the meantime changes nothing: the bucket's new holder answers for it. What
 * goes back to the queue of a delivery that was cancelled in the meantime is cancelled too.
 */
export async function settleAttempts(
  database: Database,
  results: readonly AttemptResult[],
  now: number,
): Promise<void> {
  const { query } = database
  const given = rowSet(database, 'given', RESULT_COLUMNS, results)
  const own = <N extends keyof typeof RESULT_COLUMNS>(name: N) => sql<never>`given.${sql.ref(name)}`
  const statements: Compilable[] = [
    query
      .updateTable('message')
      .from(given)
      .set({
        state: sql<never>`case when given.state = 'queued' then ${backInQueue(database)} else given.state end`,
        attempts: own('attempts'),
        due_at: own('due_at'),
        reply: own('reply'),
        excluded_list_id: own('excluded_list_id'),
        excluded_reason: own('excluded_reason'),
        excluded_since: own('excluded_since'),
        updated_at: now,
      })
      .whereRef('message.bucket', '=', 'given.bucket' as never)
      .whereRef('message.id', '=', 'given.id' as never)
      .whereRef('message.epoch', '=', 'given.epoch' as never)
      // Recovered by another holder but not begun by it: what became of the attempt is known after all.
      .where(
        sql<boolean>`(message.state = 'sending' or (message.state = 'queued' and given.state <> 'queued'))`,
      ),
  ]
  const kept = results.filter(({ raw }) => raw !== undefined)
  if (kept.length > 0) {
    const mails = kept.map(({ bucket, id, raw }) => ({ bucket, message_id: id, raw: raw as Buffer }))
    statements.push(
      query
        .insertInto('kept_mail')
        .values(mails)
        .onConflict((oc) => oc.columns(['bucket', 'message_id']).doNothing()),
    )
  }
  await database.transact(statements)
}

/** How many messages wait, and since when the oldest of them is due: for the metrics. */
export async function queueDepth(
  database: Database,
  now: number,
): Promise<{ depth: number; oldestMs: number }> {
  const [row] = await database.read(
    database.query
      .selectFrom('message')
      .select(({ fn }) => [fn.countAll<number>().as('depth'), fn.min('due_at').as('oldest')])
      .where('state', 'in', ['queued', 'sending']),
  )
  const oldest = row?.oldest as number | null | undefined
  return { depth: row?.depth ?? 0, oldestMs: oldest == null ? 0 : Math.max(0, now - oldest) }
}
