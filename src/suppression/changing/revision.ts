import { type ExpressionBuilder, sql } from 'kysely'
import type { Tables } from '../../storage/tables.ts'

/** What names the columns of a row of `suppression`. */
export type SuppressionRef = Pick<ExpressionBuilder<Tables, 'suppression'>, 'ref'>

/** The next revision: the time of recording, or one more than the last when the clock has not moved past it. */
export const nextRevision = ({ ref }: SuppressionRef, at: unknown) =>
  sql<number>`case when ${ref('suppression.revision')} >= ${at} then ${ref('suppression.revision')} + 1 else ${at} end`
