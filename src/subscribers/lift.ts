import { type Compilable, sql } from 'kysely'
import type { ColumnKind } from '../storage/cells.ts'
import type { Database } from '../storage/database.ts'
import type { RowSet } from '../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS } from '../suppression/changing/add-events.ts'
import type { Evidence, Source } from '../suppression/changing/change.ts'
import { RESUME_COLUMNS, resume } from '../suppression/changing/resume.ts'
import { isAsKnown, isMember, type SubscriberChange } from './write-subscriber.ts'

/** What a joining says of itself in the timeline. */
export interface Lifting {
  source: Source
  /** When it was asked for. */
  requestedAt: number
  evidence: Evidence | null
  /** The hash that stands for the subscriber's address if they were erased. */
  hash?: string | undefined
}

/**
 * Takes a subscriber of the service off its senders' and filters' lists; never off `hard-bounces`, `complaints` and
 * `blocklist`, which are about the mailbox and about abuse rather than about a wish. The lists are those that exist
 * when the transaction runs. The last statement returns the events, one for each list.
 */
export function liftStatements(
  database: Database,
  change: SubscriberChange,
  { source, requestedAt, evidence, hash }: Lifting,
): [Compilable, Compilable<{ list_id: number }>] {
  const constants = {
    address_key: change.recipient.key,
    address: change.recipient.address,
    kind: 'remove',
    reason: 'remove',
    requested_at: requestedAt,
    source,
    evidence_json: evidence && JSON.stringify(evidence),
    at: change.at,
  }
  const recipients = [constants]
  if (hash !== undefined)
    recipients.push({ ...constants, address_key: hash, address: hash, evidence_json: null })
  return [
    resume(database, onEachList(change, RESUME_COLUMNS, recipients)),
    addEvents(database, onEachList(change, EVENT_COLUMNS, recipients)).returning('list_id'),
  ]
}

function onEachList<const C extends Record<string, ColumnKind>>(
  change: SubscriberChange,
  columns: C,
  recipients: readonly { [N in keyof C]?: string | number | null }[],
): RowSet<C, 'given'> {
  const selects = recipients.map((constants) => {
    const cells = Object.entries(columns).map(([name, kind]) => {
      if (name === 'list_id') return sql`l.id as list_id`
      const type = sql.raw(kind === 'integer' ? 'bigint' : 'text')
      return sql`cast(${constants[name] ?? null} as ${type}) as ${sql.ref(name)}`
    })
    return sql`select ${sql.join(cells)} from list as l
      where l.service_id = ${change.service.id} and l.kind in ('sender', 'filter')
        and ${isMember(change)} and ${isAsKnown(change)}`
  })
  const given = sql`(${sql.join(selects, sql` union all `)})`
  return given.as('given') as unknown as RowSet<C, 'given'>
}
