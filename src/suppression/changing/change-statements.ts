import type { Compilable } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import type { ErasedPeople } from '../erased/erased.ts'
import type { SuppressionChange } from './change.ts'
import { recordStatements } from './record.ts'

/**
 * The statements of one change, for a transaction that also does something else; changes alone go through the recorder.
 * A recipient who was erased is written under the hash.
 */
export type ChangeStatements = (change: SuppressionChange) => Promise<Compilable[]>

export function createChangeStatements(
  database: Database,
  clock: Clock,
  erased: Pick<ErasedPeople, 'replace'>,
): ChangeStatements {
  const toStatements = recordStatements(database)
  return async (given) => {
    const [change = given] = await erased.replace([given])
    return toStatements([{ change, renewedAt: change.requestedAt }], clock())
  }
}
