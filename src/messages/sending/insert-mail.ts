import { type Compilable, sql } from 'kysely'
import { createBatcher } from '../../kernel/batcher.ts'
import type { Database } from '../../storage/database.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import type { MessageTable } from '../../storage/mail-tables.ts'
import { prepareValues } from '../../storage/prepare-values.ts'
import { prepareRows } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import { type Fact, factCounter } from '../day-counts.ts'
import { PARKED } from './lane.ts'
import { MESSAGE_COLUMN_NAMES, MESSAGE_COLUMNS } from './message-columns.ts'
import { shareDeliveries } from './share-deliveries.ts'

/** An accepted mail: its content once, and one row per recipient, the excluded ones too. */
interface NewMail {
  /** Left out when the mail joins a delivery that is there. */
  delivery?: Tables['delivery'] | undefined
  content: Tables['content']
  messages: readonly MessageTable[]
  facts: readonly Fact[]
}

/** Resolves once all of it is on disk. Throws UniqueViolation for a request id or a reference in use. */
export type InsertMail = (mail: NewMail) => Promise<void>

const MOST_MAILS_PER_COMMIT = 100
const ROWS_PER_STATEMENT = 2_000

const DELIVERY_COLUMNS = {
  id: 'integer',
  service_id: 'integer',
  request_id: 'text',
  reference: 'text',
  fingerprint: 'text',
  from_address: 'text',
  sender_key: 'text',
  subject: 'text',
  transactional: 'integer',
  state: 'text',
  send_at: 'integer',
  answer_json: 'text',
  created_by: 'text',
  created_at: 'integer',
} as const satisfies Record<keyof Tables['delivery'], 'text' | 'integer'>
const DELIVERY_COLUMN_NAMES = Object.keys(DELIVERY_COLUMNS) as (keyof Tables['delivery'])[]
const CONTENT_COLUMNS = [
  'id',
  'service_id',
  'template_json',
  'raw',
  'return_path',
  'smtp_utf8',
  'stored_at',
] as const

/** The message's lane, parked if the delivery that it joins is paused at this moment. */
const laneNow = sql<number>`given.lane + case when exists (
    select 1 from delivery where delivery.id = given.delivery_id and delivery.state = 'paused'
  ) then ${sql.lit(PARKED)} else 0 end`

/** Stores mails whole. Mails that come during one commit share the next. */
export function createInsertMail(database: Database): InsertMail {
  const { query } = database
  const count = factCounter(database)
  const insertDeliveries = prepareRows(database, 'given', DELIVERY_COLUMNS, (given) =>
    query
      .insertInto('delivery')
      .columns(DELIVERY_COLUMN_NAMES)
      .expression((eb) => eb.selectFrom(given).select(DELIVERY_COLUMN_NAMES) as never),
  )
  const insertContents = prepareValues(CONTENT_COLUMNS, (rows) => query.insertInto('content').values(rows))
  const insertMessages = prepareRows(database, 'given', MESSAGE_COLUMNS, (given) =>
    query
      .insertInto('message')
      .columns(MESSAGE_COLUMN_NAMES)
      .expression(
        (eb) =>
          eb
            .selectFrom(given)
            .select(
              MESSAGE_COLUMN_NAMES.map((name) => (name === 'lane' ? laneNow.as('lane') : name)),
            ) as never,
      ),
  )
  const statementsOf = (mails: readonly NewMail[]): Compilable[] => {
    const deliveries = mails.flatMap(({ delivery }) => delivery ?? [])
    const messages = mails.flatMap((mail) => mail.messages)
    const chunks = Array.from({ length: Math.ceil(messages.length / ROWS_PER_STATEMENT) }, (_, index) =>
      messages.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
    )
    const joined = mails.flatMap(({ delivery, messages: [first] }) =>
      delivery || !first ? [] : first.delivery_id,
    )
    return [
      ...shareDeliveries(database, joined),
      ...(deliveries.length > 0 ? [insertDeliveries(deliveries)] : []),
      insertContents(mails.map(({ content }) => content)),
      ...chunks.map(insertMessages),
      ...count(mails.flatMap(({ facts }) => facts)),
    ]
  }
  const batcher = createBatcher<NewMail, void>({
    mostItems: MOST_MAILS_PER_COMMIT,
    isShared: (error) => error instanceof DatabaseUnavailable,
    run: async (mails) => {
      await database.transact(statementsOf(mails))
      return mails.map(() => undefined)
    },
  })
  return (mail) => batcher.add(mail)
}
