import type { Compilable } from 'kysely'
import type { ChangeStatements } from '../suppression/changing/change-statements.ts'
import { type Accepted, type AcceptParts, createCarryOut, type PublicRequest } from './accept-request.ts'

/** What a request comes to, and the statements that make it so: nothing is written before they are. */
export type PlanRequest = (
  request: PublicRequest,
) => Promise<Accepted & { statements: readonly Compilable[] }>

interface PlanParts extends Pick<AcceptParts, 'directory' | 'links' | 'opaque' | 'unverified'> {
  statementsOf: ChangeStatements
}

/** Carries a request out as part of a transaction that does more than it, by the same rules as any other. */
export function createPlanRequest({ statementsOf, unverified, ...parts }: PlanParts): PlanRequest {
  return async (request) => {
    const statements: Compilable[] = []
    const carryOut = createCarryOut({
      ...parts,
      recorder: {
        record: async (change) => {
          statements.push(...(await statementsOf(change)))
          return { changed: true }
        },
      },
      unverified: {
        keep: async (waiting) => {
          statements.push(await unverified.keeping(waiting))
        },
      },
    })
    return { ...(await carryOut(request)), statements }
  }
}
