import { type Compilable, type RawBuilder, sql } from 'kysely'
import { softBounceStatements } from '../../bounces/acting/soft-bounce.ts'
import { countAbout } from '../../messages/day-counts.ts'
import { type AttemptResult, isOpen, type RefusalStatements } from '../../messages/sending/settle-attempts.ts'
import type { Database } from '../../storage/database.ts'
import { stopWhen } from '../../suppression/changing/stop-when.ts'
import type { ErasedPeople } from '../../suppression/erased/erased.ts'
import { findService, type Service } from '../../tenants/service.ts'

/**
 * Does what replies of the relay mean, as is done for reports: a permanent failure puts the recipient on
 * `hard-bounces`, a passing one counts, and one that blames the sender is counted as such. Once for each message: not
 * for one that is settled already, nor for a reason that a report has told already.
 */
export function createRefusalStatements(parts: {
  database: Database
  erased: Pick<ErasedPeople, 'replace'>
}): RefusalStatements {
  const { database, erased } = parts
  const ofRefusal = async (
    result: AttemptResult,
    services: ReadonlyMap<number, Service>,
    at: number,
  ): Promise<readonly Compilable[]> => {
    const { refusal, day } = result
    if (!refusal) return []
    const when = isUntold(result, refusal.class)
    if (refusal.class === 'ours') {
      return day === null ? [] : [countAbout(database, result, { day, outcome: 'blamed' }, when)]
    }
    const { stop, serviceId } = refusal
    if (refusal.class === 'hard') {
      const [written = stop] = await erased.replace([stop])
      return stopWhen(database, { ...written, kind: 'stop' }, { at, when })
    }
    const service = services.get(serviceId)
    if (!service) return []
    return softBounceStatements(parts, { service, hardBounces: { id: stop.listId } }, stop, at, when)
  }
  return async (results, at) => {
    const ids = results.flatMap(({ refusal }) => (refusal?.class === 'soft' ? [refusal.serviceId] : []))
    const services = await Promise.all([...new Set(ids)].map((id) => findService(database, id)))
    const byId = new Map(services.map((service) => [service.id, service]))
    const statements: Compilable[] = []
    for (const result of results.toSorted(byRecipient)) {
      statements.push(...(await ofRefusal(result, byId, at)))
    }
    return statements
  }
}

function isUntold(result: AttemptResult, of: 'hard' | 'soft' | 'ours'): RawBuilder<boolean> {
  const report = `${of} ${result.bucket}.${result.id}`
  return sql<boolean>`(${isOpen(result)} and not exists (select 1 from inbound_mail as i where i.report = ${report}))`
}

/** One order for all processes, so that those that write the same keys take their locks in it. */
function byRecipient(a: AttemptResult, b: AttemptResult): number {
  return keyOf(a) < keyOf(b) ? -1 : 1
}

function keyOf({ refusal }: AttemptResult): string {
  return refusal && 'stop' in refusal ? refusal.stop.recipient.key : '\uffff'
}
