import { type Compilable, sql } from 'kysely'
import { DAY_MS } from '../kernel/clock.ts'
import { splitMessage } from '../mail/header-block.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { ErasedPeople } from '../suppression/erased/erased.ts'
import type { InboundMail, Judgement } from './inbound-mail.ts'
import { createKeptAlready, isWish } from './kept-already.ts'
import { withoutErased } from './without-erased.ts'

/** No more of a mail is ever looked at: mime-tree.ts reads no further. */
const MOST_KEPT_OCTETS = 2_097_152
/** Of mail that is not understood, which anybody can send. */
const MOST_KEPT_OF_UNKNOWN = 262_144
/**
 * Of a wish: the head, which says who sent it and how, and the beginning of the body. Its event holds all that matters.
 */
const MOST_KEPT_OF_WISH = { head: 262_144, body: 65_536 }
/** Of mail that asks for nothing, such as automatic answers: anybody can send it, to a hundred addresses at once. */
const MOST_KEPT_OF_NOTHING = 65_536
/** A process keeps this many mails a day (UTC) of each of these two kinds. */
const MOST_UNKNOWN_A_DAY = 10_000

export interface KeepMail {
  /**
   * Keeps the mail and does what it means, in one transaction. `repeat` when that was done before; `not-kept` when it
   * is not understood, or asks for nothing, and too many of the kind came today. A repeated wish is kept without its
   * mail. Of a mail that names an erased person, only what became of it is kept.
   */
  keep(mail: InboundMail, judgement: Judgement): Promise<'kept' | 'repeat' | 'not-kept'>
  /**
   * The same for a mail that is kept already and was not understood; false when what it reports was done before, or
   * somebody else was faster.
   */
  again(
    id: number,
    mail: Pick<InboundMail, 'raw' | 'sender' | 'recipient'>,
    judgement: Judgement,
  ): Promise<boolean>
}

interface KeepParts {
  database: Database
  ids: IdSource
  erased: Pick<ErasedPeople, 'find' | 'isSomeone'>
  mostUnknownADay?: number
}

export function createKeepMail({
  database,
  ids,
  erased,
  mostUnknownADay = MOST_UNKNOWN_A_DAY,
}: KeepParts): KeepMail {
  const { query } = database
  const already = createKeptAlready()
  let today = { day: 0, 'not-understood': 0, nothing: 0 }
  const isTooMany = (kind: 'not-understood' | 'nothing', now: number) => {
    const day = Math.floor(now / DAY_MS)
    if (day > today.day) today = { day, 'not-understood': 0, nothing: 0 }
    return today[kind]++ >= mostUnknownADay
  }
  return {
    keep: async (mail, judgement) => {
      const { outcome } = judgement
      const isIdle = outcome === 'not-understood' || outcome === 'nothing'
      if (isIdle && isTooMany(outcome, mail.receivedAt)) {
        // A wish whose key is missing waits for the key all the same.
        if (judgement.statements.length > 0) await database.transact(judgement.statements)
        return 'not-kept'
      }
      const [id] = (await ids.take(1)) as [number]
      const most = already.has(mail, judgement) ? 0 : mostKept(outcome, mail.raw)
      const row = {
        id,
        ...columnsOf(judgement),
        mail_from: storable(mail.sender),
        rcpt_to: storable(mail.recipient),
        client_address: storable(mail.clientAddress),
        received_at: mail.receivedAt,
        resolved_at: null,
        resolved_by: null,
        size: mail.raw.length,
        raw: mail.raw.subarray(0, most),
        ...(await withoutErased({ database, erased }, mail, judgement)),
      }
      const isNew = await once(() =>
        database.transact([query.insertInto('inbound_mail').values(row), ...judgement.statements]),
      )
      if (isNew) already.add(mail, judgement)
      return isNew ? 'kept' : 'repeat'
    },
    again: async (id, mail, judgement) => {
      const known = {
        ...columnsOf(judgement),
        ...(await withoutErased({ database, erased }, mail, judgement)),
      }
      return once(() =>
        database.transact([
          ...onlyWhileOpen(database, id),
          query.updateTable('inbound_mail').set(known).where('id', '=', id),
          ...judgement.statements,
        ]),
      )
    },
  }
}

function mostKept(outcome: Judgement['outcome'], raw: Buffer): number {
  if (outcome === 'nothing') return MOST_KEPT_OF_NOTHING
  if (outcome === 'not-understood') return MOST_KEPT_OF_UNKNOWN
  if (!isWish(outcome)) return MOST_KEPT_OCTETS
  return Math.min(splitMessage(raw).head.length, MOST_KEPT_OF_WISH.head) + MOST_KEPT_OF_WISH.body
}

function columnsOf({ kind, outcome, serviceId, address, message, report, detail }: Judgement) {
  return {
    service_id: serviceId,
    kind,
    outcome,
    report,
    address: storable(address),
    bucket: message?.bucket ?? null,
    message_id: message?.id ?? null,
    // JSON escapes what the database could not store.
    detail_json: JSON.stringify(detail),
  }
}

/**
 * Fails the transaction with UniqueViolation when somebody has understood the mail meanwhile. The row is locked first:
 * on PostgreSQL whoever comes second waits here and then sees what the first one wrote.
 */
function onlyWhileOpen({ query }: Database, id: number): Compilable[] {
  const isUnderstood = sql<boolean>`id = ${id} and outcome <> 'not-understood'`
  return [
    query
      .updateTable('inbound_mail')
      .set(({ ref }) => ({ outcome: ref('outcome') }))
      .where('id', '=', id),
    // Inserts under a key that is taken, so that it can only fail.
    query
      .insertInto('inbound_mail')
      .expression(query.selectFrom('inbound_mail').selectAll().where(isUnderstood)),
  ]
}

async function once(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof UniqueViolation) return false
    throw error
  }
}

/** Makes text from strangers fit for storage. */
function storable(text: string | null): string | null {
  return text?.slice(0, 1_000).toWellFormed().replaceAll('\0', '') ?? null
}
