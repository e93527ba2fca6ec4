import { type Compilable, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import { type ColumnKind, type RowOf, type RowSet, rowSet } from '../../storage/row-set.ts'
import { addEvents, EVENT_COLUMNS } from '../../suppression/add-events.ts'
import type { Stop } from '../../suppression/change.ts'
import type { ErasedPeople } from '../../suppression/erased.ts'
import { STOP_COLUMNS, stop } from '../../suppression/stop.ts'
import { type Counting, countIsOver, upsertCounts } from './error-count.ts'

/** arara counts up to 99. */
const MOST_TENTHS = 990

/**
 * The statements that count one more bounce for a passing reason and, when the address thereby reaches the service's threshold,
 * put it on `hard-bounces`: to be run as part of one transaction. Who was erased is written under the hash. `at` is the time of
 * recording.
 */
export async function softBounceStatements(
  { database, erased }: { database: Database; erased: Pick<ErasedPeople, 'replace'> },
  counting: Counting,
  bounce: Omit<Stop, 'kind' | 'listId' | 'reason'>,
  at: number,
): Promise<Compilable[]> {
  const [written = bounce] = await erased.replace([{ ...bounce, listId: counting.hardBounces.id }])
  const { recipient, requestedAt, source, messageId, mailedAt, evidence } = written
  const row = {
    address_key: recipient.key,
    list_id: counting.hardBounces.id,
    kind: 'stop',
    address: recipient.address,
    requested_at: requestedAt,
    renewed_at: requestedAt,
    mailed_at: mailedAt,
    message_id: messageId,
    reason: 'error-count',
    source,
    evidence_json: evidence && JSON.stringify(evidence),
    import_id: null,
    at,
  }
  const reached = reachedThreshold(counting, recipient.key)
  const onlyThen = <const C extends Record<string, ColumnKind>>(columns: C): RowSet<C, 'given'> => {
    const given = rowSet(database, 'one', columns, [row as unknown as RowOf<C>])
    const rows = database.query.selectFrom(given).selectAll().where(reached)
    return rows.as('given') as unknown as RowSet<C, 'given'>
  }
  return [
    countOne(database, counting, recipient, at),
    stop(database, onlyThen(STOP_COLUMNS)),
    addEvents(database, onlyThen(EVENT_COLUMNS)),
  ]
}

function countOne(
  database: Database,
  counting: Counting,
  recipient: Stop['recipient'],
  at: number,
): Compilable {
  const row = {
    address_key: recipient.key,
    service_id: counting.service.id,
    address: recipient.address,
    tenths: 10,
    at,
  }
  return upsertCounts(database, [row]).onConflict((oc) =>
    oc.columns(['address_key', 'service_id']).doUpdateSet((eb) => ({
      tenths: sql<number>`case when ${countIsOver(counting, at)} then 10
        when error_count.tenths > ${MOST_TENTHS - 10} then ${MOST_TENTHS} else error_count.tenths + 10 end`,
      updated_at: eb.ref('excluded.updated_at'),
    })),
  )
}

function reachedThreshold({ service }: Counting, addressKey: string) {
  return sql<boolean>`exists (select 1 from error_count as c where c.address_key = ${addressKey}
    and c.service_id = ${service.id} and c.tenths >= ${service.settings.softBounceThreshold * 10})`
}
