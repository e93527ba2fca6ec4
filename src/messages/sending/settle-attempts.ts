import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { MessageState, MessageTable } from '../../storage/mail-tables.ts'
import { prepareRows, rowSet } from '../../storage/row-set.ts'
import { type ErasedPeople, NOBODY_ERASED } from '../../suppression/erased/erased.ts'
import { addCounts } from '../day-counts.ts'
import { PARKED } from './lane.ts'
import { lockMessages } from './lock-messages.ts'
import type { Refusal } from './refusal.ts'
import { shareDeliveries } from './share-deliveries.ts'

/** What became of an attempt. `raw` is given when the mail is kept instead of relayed. */
export interface AttemptResult
  extends Pick<
    MessageTable,
    | 'bucket'
    | 'id'
    | 'epoch'
    | 'state'
    | 'attempts'
    | 'lane'
    | 'due_at'
    | 'reply'
    | 'excluded_list_id'
    | 'excluded_reason'
    | 'excluded_since'
  > {
  /** The delivery whose state decides what becomes of a message that goes back to the queue. */
  deliveryId: number
  /**
   * The sender's address key and the day in the service's calendar under which the result is counted. Null when the
   * message is put back.
   */
  sender: string | null
  day: string | null
  raw?: Buffer | undefined
  /** What the relay's reply means beyond this message. */
  refusal?: Refusal | undefined
}

const COLUMNS = {
  bucket: 'integer',
  id: 'integer',
  epoch: 'integer',
  state: 'text',
  attempts: 'integer',
  lane: 'integer',
  due_at: 'integer',
  reply: 'text',
  excluded_list_id: 'integer',
  excluded_reason: 'text',
  excluded_since: 'integer',
  sender: 'text',
  day: 'text',
  now: 'integer',
} as const

export type SettleAttempts = (results: readonly AttemptResult[], now: number) => Promise<void>

/** The statements that carry out what refusals mean; each takes effect only if its result does (`isOpen`). */
export type RefusalStatements = (
  results: readonly AttemptResult[],
  now: number,
) => Promise<readonly Compilable[]>

/**
 * Writes results, counts them and does what refusals mean, in one transaction. One whose lease was lost in the meantime
 * changes nothing: the bucket's new holder answers for it. What goes back to the queue of a delivery that was cancelled
 * in the meantime is cancelled too, and parked when it was paused. Replies are kept without the people in them whom any
 * site erased.
 */
export function createSettleAttempts(
  database: Database,
  refusalStatements: RefusalStatements,
  erased: Pick<ErasedPeople, 'without'> = NOBODY_ERASED,
): SettleAttempts {
  const { query } = database
  const write = prepareRows(database, 'given', COLUMNS, (given) => {
    const own = <N extends keyof typeof COLUMNS>(name: N) => sql<never>`given.${sql.ref(name)}`
    return query
      .updateTable('message')
      .from(given)
      .set({
        state: stateAfter(database),
        lane: sql<never>`case when given.state = 'queued' and ${deliveryIs(database, 'paused')} then given.lane % ${sql.lit(PARKED)} + ${sql.lit(PARKED)} else given.lane end`,
        attempts: own('attempts'),
        due_at: own('due_at'),
        reply: own('reply'),
        excluded_list_id: own('excluded_list_id'),
        excluded_reason: own('excluded_reason'),
        excluded_since: own('excluded_since'),
        updated_at: own('now'),
      })
      .whereRef('message.bucket', '=', 'given.bucket' as never)
      .whereRef('message.id', '=', 'given.id' as never)
      .where(stillOpen)
  })
  const count = prepareRows(database, 'given', COLUMNS, (given) => {
    const outcome = stateAfter(database)
    const list = sql<number>`case when given.state = 'excluded' then coalesce(given.excluded_list_id, 0) else 0 end`
    return addCounts(
      database,
      query
        .selectFrom(given)
        .innerJoin('message', (join) =>
          join.onRef('message.bucket', '=', 'given.bucket').onRef('message.id', '=', 'given.id'),
        )
        .select(['message.service_id', 'given.day', 'given.sender'])
        .select([outcome.as('outcome'), list.as('list_id'), sql<number>`count(*)`.as('count')])
        .where(stillOpen)
        .where('given.day', 'is not', null)
        .where(sql<boolean>`${outcome} <> 'queued'`)
        .groupBy(['message.service_id', 'given.day', 'given.sender', sql`4`, sql`5`])
        .orderBy(sql`1, 2, 3, 4, 5`),
    )
  })
  return async (results, now) => {
    const replies = await erased.without(results.map(({ reply }) => reply))
    const rows = results.map(({ raw: _, deliveryId: __, refusal: ___, ...result }, index) => ({
      ...result,
      reply: replies[index] ?? null,
      now,
    }))
    const kept = results.flatMap(({ bucket, id, raw }) => (raw ? [{ bucket, message_id: id, raw }] : []))
    const keep = (): Compilable =>
      query
        .insertInto('kept_mail')
        .values(kept)
        .onConflict((oc) => oc.columns(['bucket', 'message_id']).doNothing())
    // Skips messages that were erased meanwhile or belong to another holder by now.
    const dropOthers = (): Compilable => {
      const rows = kept.map(({ bucket, message_id }) => ({ bucket, id: message_id }))
      const given = rowSet(database, 'given', { bucket: 'integer', id: 'integer' }, rows)
      return query
        .deleteFrom('kept_mail')
        .where(sql<boolean>`(bucket, message_id) in (select given.bucket, given.id from ${given} where not exists
          (select 1 from message as m where m.bucket = given.bucket and m.id = given.id and m.state = 'kept'))`)
    }
    const waiting = results.flatMap(({ state, deliveryId }) => (state === 'queued' ? [deliveryId] : []))
    const refused = results.filter(({ refusal }) => refusal)
    // Counted first: afterwards nothing tells which rows the results have changed.
    await database.transact([
      ...shareDeliveries(database, waiting),
      ...(refused.length > 0 ? lockMessages(database, results) : []),
      ...(refused.length > 0 ? await refusalStatements(refused, now) : []),
      count(rows),
      write(rows),
      ...(kept.length > 0 ? [keep(), dropOthers()] : []),
    ])
  }
}

/**
 * A message that another holder recovered but has not begun counts as open: what became of the attempt is known after
 * all.
 */
const stillOpen = sql<boolean>`message.epoch = given.epoch
  and (message.state = 'sending' or (message.state = 'queued' and given.state <> 'queued'))`

/** The same for a separate statement, about one result that does not return the message to the queue. */
export function isOpen({ bucket, id, epoch }: Pick<AttemptResult, 'bucket' | 'id' | 'epoch'>) {
  return sql<boolean>`exists (select 1 from message as m where m.bucket = ${bucket} and m.id = ${id}
    and m.epoch = ${epoch} and m.state in ('sending', 'queued'))`
}

function stateAfter(database: Database): RawBuilder<MessageState> {
  return sql`case when given.state = 'queued' and ${deliveryIs(database, 'cancelled')} then 'cancelled' else given.state end`
}

function deliveryIs({ query }: Database, state: 'paused' | 'cancelled'): RawBuilder<boolean> {
  return sql`exists ${query
    .selectFrom('delivery')
    .select('id')
    .whereRef('delivery.id', '=', 'message.delivery_id' as never)
    .where('delivery.state', '=', state)}`
}
