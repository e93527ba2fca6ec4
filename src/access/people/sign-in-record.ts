import { recordAudit } from '../../audit/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'
import type { IdSource } from '../../storage/id-block.ts'

/**
 * Puts on record how people sign in, and what they change about it; resolves once it is there. Of addresses that nobody
 * has, nothing is recorded.
 */
export type RecordPersonSignIn = (
  email: string,
  outcome:
    | 'sign-in'
    | 'refused'
    | 'second-factor-refused'
    | 'password'
    | 'second-factor-on'
    | 'second-factor-off',
  clientAddress: string | null,
) => Promise<void>

export function createPersonSignInRecord({
  database,
  auditIds,
  clock,
}: {
  database: Database
  auditIds: IdSource
  clock: Clock
}): RecordPersonSignIn {
  return async (given, outcome, clientAddress) => {
    const email = given.toLowerCase()
    const [person] = await database.read(
      database.query.selectFrom('person').select('site_id').where('email', '=', email),
    )
    if (!person) return
    await recordAudit(database, auditIds, {
      ...{ at: clock(), actor: `person:${email}`, action: `person.${outcome}`, subject: email },
      siteId: person.site_id,
      detail: clientAddress ? { clientAddress } : {},
    })
  }
}
