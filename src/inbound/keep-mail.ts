import { DAY_MS } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import { UniqueViolation } from '../storage/database-errors.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { ErasedPeople } from '../suppression/erased.ts'
import type { InboundMail, Judgement } from './inbound-mail.ts'
import { withoutErased } from './without-erased.ts'

/** Nobody looks at more of a mail: mime-tree.ts reads no further. */
const MOST_KEPT_OCTETS = 2_097_152
/** Of what nobody understands, or what asks for nothing: anybody can send it, to a hundred addresses at once. */
const MOST_KEPT_OF_NOTHING = 262_144
/** Of such mails a process keeps so many a day (UTC). */
const MOST_UNKNOWN_A_DAY = 10_000

export interface KeepMail {
  /**
   * Keeps the mail and does what it means, in one transaction. `repeat` when that was done before; `not-kept` when nobody
   * understands it, and too many of the kind came today. Of one that names a person who was erased only what became of it is kept.
   */
  keep(mail: InboundMail, judgement: Judgement): Promise<'kept' | 'repeat' | 'not-kept'>
  /** The same for one that is kept already and was not understood; false also when somebody was faster. */
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
  let today = { day: 0, unknown: 0 }
  const isTooMany = (now: number) => {
    const day = Math.floor(now / DAY_MS)
    if (day > today.day) today = { day, unknown: 0 }
    return today.unknown++ >= mostUnknownADay
  }
  return {
    keep: async (mail, judgement) => {
      if (judgement.outcome === 'not-understood' && isTooMany(mail.receivedAt)) {
        // A wish whose key is missing waits for it all the same.
        if (judgement.statements.length > 0) await database.transact(judgement.statements)
        return 'not-kept'
      }
      const [id] = (await ids.take(1)) as [number]
      const isNothing = judgement.outcome === 'not-understood' || judgement.outcome === 'nothing'
      const most = isNothing ? MOST_KEPT_OF_NOTHING : MOST_KEPT_OCTETS
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
      return isNew ? 'kept' : 'repeat'
    },
    again: async (id, mail, judgement) => {
      const known = {
        ...columnsOf(judgement),
        ...(await withoutErased({ database, erased }, mail, judgement)),
      }
      return once(() =>
        database.transact([
          query.updateTable('inbound_mail').set(known).where('id', '=', id),
          ...judgement.statements,
        ]),
      )
    },
  }
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
    // JSON escapes what the database could not hold.
    detail_json: JSON.stringify(detail),
  }
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

/** Strangers wrote it. */
function storable(text: string | null): string | null {
  return text?.slice(0, 1_000).toWellFormed().replaceAll('\0', '') ?? null
}
