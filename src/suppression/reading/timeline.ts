import { sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { rowSet } from '../../storage/row-set.ts'
import type { Tables } from '../../storage/tables.ts'
import type { List } from '../../tenants/list.ts'
import type { Evidence } from '../changing/change.ts'
import { readStateBefore, type StateBefore } from '../changing/state-before.ts'
import type { Standing } from '../deciding/standing.ts'

export interface TimelineEvent {
  listId: number
  kind: 'stop' | 'resume' | 'remove'
  recordedAt: number
  requestedAt: number
  /** As it was given with this request. */
  address: string
  reason: string
  source: string
  messageId: string | null
  /** True when the request came by the link of a mail older than the last resume. */
  olderMail: boolean
  evidence: Evidence | null
  /** Null when the recipient was not on the list. */
  before: StateBefore | null
}

export interface Timeline {
  /** The newest 1,000, newest first. */
  events: TimelineEvent[]
  /** Where the address stands now, inactive rows included, as `decide` takes it. */
  standings: Standing[]
}

/** Two links used alternately can make any number of events. */
const MOST_EVENTS = 1_000

/** What happened to an address on the given lists, and where it stands. */
export async function readTimeline(
  database: Database,
  lists: readonly Pick<List, 'id'>[],
  addressKey: string,
): Promise<Timeline> {
  const ids = lists.map(({ id }) => ({ list_id: id }))
  const wanted = sql`(select list_id from ${rowSet(database, 'wanted', { list_id: 'integer' }, ids)})`
  const [events, standings] = await Promise.all([
    database.read(
      database.query
        .selectFrom('event')
        .selectAll()
        .where('address_key', '=', addressKey)
        .where(sql<boolean>`list_id in ${wanted}`)
        .orderBy('recorded_at', 'desc')
        .orderBy('list_id')
        .limit(MOST_EVENTS),
    ),
    database.read(
      database.query
        .selectFrom('suppression as s')
        .innerJoin('list as l', 'l.id', 's.list_id')
        .select(['list_id', 'active', 'since', 'requested_at', 'expires_at', 'lifetime_ms', 'reason'])
        .where('address_key', '=', addressKey)
        .where(sql<boolean>`list_id in ${wanted}`)
        .orderBy('list_id'),
    ),
  ])
  return {
    events: events.map(toEvent),
    standings: standings.map((row) => ({
      listId: row.list_id,
      active: row.active === 1,
      since: row.since,
      requestedAt: row.requested_at,
      expiresAt: row.expires_at,
      lifetimeMs: row.lifetime_ms,
      reason: row.reason,
    })),
  }
}

/** An event from its row, with both JSON columns parsed. */
export function toEvent(row: Tables['event']): TimelineEvent {
  return {
    listId: row.list_id,
    kind: row.kind,
    recordedAt: row.recorded_at,
    requestedAt: row.requested_at,
    address: row.address,
    reason: row.reason,
    source: row.source,
    messageId: row.message_id,
    olderMail: row.older_mail === 1,
    evidence: row.evidence_json === null ? null : JSON.parse(row.evidence_json),
    before: readStateBefore(row.before),
  }
}
