import { type Compilable, sql } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { ColumnKind, RowSet } from '../storage/row-set.ts'
import type { Evidence, Source } from '../suppression/change.ts'
import { addEvents, EVENT_COLUMNS, RESUME_COLUMNS, resume } from '../suppression/record.ts'
import { isMember, type SubscriberChange } from './write-subscriber.ts'

/** What a joining says of itself in the timeline. */
export interface Lifting {
  source: Source
  /** When it was asked for. */
  requestedAt: number
  evidence: Evidence | null
}

/**
 * Takes a subscriber of the service off its senders' and filters' lists; never off `hard-bounces`, `complaints` and
 * `blocklist`, which are about the mailbox and about abuse rather than about a wish. The lists are those that there are when
 * the transaction runs. The last statement answers the events, one for each list.
 */
export function liftStatements(
  database: Database,
  change: SubscriberChange,
  { source, requestedAt, evidence }: Lifting,
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
  return [
    resume(database, onEachList(change, RESUME_COLUMNS, constants)),
    addEvents(database, onEachList(change, EVENT_COLUMNS, constants)).returning('list_id'),
  ]
}

function onEachList<const C extends Record<string, ColumnKind>>(
  change: SubscriberChange,
  columns: C,
  constants: { [N in keyof C]?: string | number | null },
): RowSet<C, 'given'> {
  const cells = Object.entries(columns).map(([name, kind]) => {
    if (name === 'list_id') return sql`l.id as list_id`
    const type = sql.raw(kind === 'integer' ? 'bigint' : 'text')
    return sql`cast(${constants[name] ?? null} as ${type}) as ${sql.ref(name)}`
  })
  const given = sql`(select ${sql.join(cells)} from list as l
    where l.service_id = ${change.service.id} and l.kind in ('sender', 'filter') and ${isMember(change)})`
  return given.as('given') as unknown as RowSet<C, 'given'>
}
