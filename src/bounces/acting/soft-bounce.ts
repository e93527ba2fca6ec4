import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { Database } from '../../storage/database.ts'
import type { Stop } from '../../suppression/changing/change.ts'
import { stopWhen } from '../../suppression/changing/stop-when.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { type Counting, countIsOver, upsertCounts } from './error-count.ts'

/** arara counts up to 99. */
const MOST_TENTHS = 990

/**
 * The statements that count one more bounce for a passing reason and, when the address thereby reaches the service's
 * threshold, put it on `hard-bounces`: to be run as part of one transaction. Who was erased is written under the hash.
 * `at` is the time of recording. Nothing happens unless `when` holds.
 */
export async function softBounceStatements(
  { database, erased }: { database: Database; erased: Pick<ErasedPeople, 'replace'> },
  counting: Counting,
  bounce: Omit<Stop, 'kind' | 'listId' | 'reason'>,
  at: number,
  when: RawBuilder<boolean> = sql`1 = 1`,
): Promise<Compilable[]> {
  const [written = bounce] = await erased.replace([{ ...bounce, listId: counting.hardBounces.id }])
  const { recipient } = written
  const change = { ...written, kind: 'stop', listId: counting.hardBounces.id, reason: 'error-count' } as const
  const isReached = sql<boolean>`${when} and ${reachedThreshold(counting, recipient.key)}`
  return [
    countOne(database, counting, { recipient, at, when }),
    ...stopWhen(database, change, { at, when: isReached }),
  ]
}

function countOne(
  database: Database,
  counting: Counting,
  { recipient, at, when }: { recipient: Stop['recipient']; at: number; when: RawBuilder<boolean> },
): Compilable {
  const row = {
    address_key: recipient.key,
    service_id: counting.service.id,
    address: recipient.address,
    tenths: 10,
    at,
  }
  return upsertCounts(database, [row], when).onConflict((oc) =>
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
