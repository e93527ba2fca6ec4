import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type Bounds, scanPage, within } from '../../storage/keyset-scan.ts'
import { holds } from '../../storage/like.ts'
import type { MessageState, MessageTable } from '../../storage/mail-tables.ts'

/** How far a mail has come, in four stages: waiting, waiting for a further attempt, sent, not sent. */
export const STAGES = ['queued', 'deferred', 'succeeded', 'failed'] as const
export type Stage = (typeof STAGES)[number]

/** Part of an address, ignoring case, or all of it. */
export interface AddressMatch {
  text: string
  whole: boolean
}

export interface OutcomeSearch {
  serviceId: number
  /** All mails by the moment of their acceptance, or those that failed or were excluded by the moment of that. */
  by: 'acceptance' | 'bounce'
  /** The period of that moment, in epoch milliseconds; `to` is the first moment after it. */
  from?: number | undefined
  to?: number | undefined
  sender?: AddressMatch | undefined
  recipient?: AddressMatch | undefined
  stage?: Stage | undefined
  /** Only those that these lists excluded, or that no list did. */
  excludedBy?: readonly number[] | 'nobody' | undefined
}

export interface Outcome {
  /** The message's place. */
  bucket: number
  id: number
  /** The moment by which it was searched, in epoch milliseconds. */
  at: number
  stage: Stage
  state: MessageState
  from: string
  to: string
  subject: string
  messageId: string
  /** The envelope sender that the client gave, or else From; '' is the null sender. */
  returnPath: string
  /** The list that excluded it. */
  listId: number | null
  /** The relay's last answer, or why there was none. */
  reply: string | null
}

const ROWS_PER_PAGE = 1_000

/** Reads mails of a service, newest first, in pages that each look at a bounded number of rows. */
export async function* readOutcomes(database: Database, search: OutcomeSearch): AsyncGenerator<Outcome[]> {
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await readPage(database, search, cursor)
    if (items.length > 0) yield items.map(toOutcome)
    if (next === null) return
    cursor = next
  }
}

function readPage(database: Database, search: OutcomeSearch, cursor: string | undefined) {
  const moment = MOMENT[search.by]
  return scanPage({
    keyLength: 2,
    selective: true,
    cursor,
    limit: ROWS_PER_PAGE,
    keyAfter: async (after, places) => {
      const rows = alongIndex(database, search, { after, floor: undefined })
      const [row] = await database.read(
        rows
          .select([`${moment} as at`, 'id'])
          .limit(1)
          .offset(places),
      )
      return row && [row.at, row.id]
    },
    read: (bounds, most) => database.read(matching(database, search, bounds).limit(most)),
    keyOf: (row) => [row.at, row.id],
  })
}

const MOMENT = { acceptance: 'accepted_at', bounce: 'updated_at' } as const

/** Everything between the bounds, from the index alone. */
function alongIndex({ query }: Database, { serviceId, by, from, to }: OutcomeSearch, bounds: Bounds) {
  const key = [MOMENT[by], 'id'] as const
  let rows = query.selectFrom('message').where('service_id', '=', serviceId)
  // Word for word the condition of the partial index.
  if (by === 'bounce') rows = rows.where(sql<boolean>`state in ('failed', 'excluded')`)
  const columns = key.map((column) => sql.ref<number>(column))
  return rows
    .where(within(columns, bounds, { from, to }))
    .orderBy(key[0], 'desc')
    .orderBy('id', 'desc')
}

const STAGE = sql<Stage>`case
  when state = 'sent' then 'succeeded'
  when state in ('failed', 'excluded', 'cancelled') then 'failed'
  when state <> 'kept' and attempts > case when state = 'sending' then 1 else 0 end then 'deferred'
  else 'queued' end`

/**
 * Conditions that the index does not cover are checked row by row, hidden from the planner so that it uses no other
 * index for them.
 */
function matching(database: Database, search: OutcomeSearch, bounds: Bounds) {
  const { by, sender, recipient, stage, excludedBy } = search
  const from = ofDelivery('from_address')
  let rows = alongIndex(database, search, bounds).select([
    'bucket',
    'id',
    `${MOMENT[by]} as at`,
    'state',
    'address',
    'message_id',
    'excluded_list_id',
    'reply',
    STAGE.as('stage'),
    from.as('from_address'),
    ofDelivery('subject').as('subject'),
    sql<string>`coalesce((select return_path from content where content.id = message.content_id), ${from})`.as(
      'return_path',
    ),
  ])
  if (stage !== undefined) rows = rows.where(STAGE, '=', stage)
  if (sender) rows = rows.where(matches(ofDelivery('sender_key'), sender))
  if (recipient) rows = rows.where(matches(concealed('address_key'), recipient))
  if (excludedBy === 'nobody') return rows.where(concealed('state'), '<>', 'excluded')
  if (excludedBy === undefined) return rows
  if (excludedBy.length === 0) return rows.where(sql<boolean>`1 = 0`)
  return rows
    .where(concealed('state'), '=', 'excluded')
    .where(sql<number>`excluded_list_id + 0`, 'in', excludedBy)
}

function ofDelivery(column: 'from_address' | 'sender_key' | 'subject') {
  return sql<string>`(select ${sql.ref(column)} from delivery where delivery.id = message.delivery_id)`
}

function concealed(column: 'address_key' | 'state') {
  return sql<string>`${sql.ref(column)} || ''`
}

function matches(column: RawBuilder<string>, { text, whole }: AddressMatch): RawBuilder<boolean> {
  const wanted = text.toLowerCase().normalize('NFC')
  return whole ? sql<boolean>`${column} = ${wanted}` : holds(column, wanted)
}

type Row = Pick<
  MessageTable,
  'bucket' | 'id' | 'state' | 'address' | 'message_id' | 'excluded_list_id' | 'reply'
> & {
  at: number
  stage: Stage
  from_address: string
  subject: string
  return_path: string
}

function toOutcome(row: Row): Outcome {
  return {
    bucket: row.bucket,
    id: row.id,
    at: row.at,
    stage: row.stage,
    state: row.state,
    from: row.from_address,
    to: row.address,
    subject: row.subject,
    messageId: row.message_id,
    returnPath: row.return_path,
    listId: row.state === 'excluded' ? row.excluded_list_id : null,
    reply: row.reply,
  }
}
