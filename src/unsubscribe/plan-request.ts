import type { Compilable } from 'kysely'
import type { ChangeStatements } from '../suppression/changing/change-statements.ts'
import { type Accepted, type AcceptParts, createCarryOut, type PublicRequest } from './accept-request.ts'

/** What becomes of a request, with the statements that carry it out: nothing is written before they are run. */
export type PlanRequest = (
  request: PublicRequest,
) => Promise<Accepted & { statements: readonly Compilable[] }>

interface PlanParts extends Pick<AcceptParts, 'directory' | 'links' | 'opaque' | 'unverified'> {
  statementsOf: ChangeStatements
}

/** Plans a request as part of a transaction that also does something else, by the same rules as any other request. */
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
