import { type NewAuditEntry, recordAudit } from '../audit/audit.ts'
import { dayOf } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import { isStorableText } from '../storage/row-set.ts'
import { type ApiUser, findApiUserByName } from './api-user.ts'
import type { Refusal } from './refusals.ts'

/** Puts on record how API users sign in, beside whatever they do; nobody waits for it. */
export interface SignInRecord {
  accepted(user: ApiUser, clientAddress: string | undefined): void
  refused(refusal: Refusal): void
}

const MOST_REMEMBERED = 10_000

/**
 * Programs sign in with every call, and guessers as often as they like: a user is recorded once a day for each client,
 * a wrong key at the first, tenth, hundredth time. Names that nobody has are not recorded.
 */
export function createSignInRecord({
  database,
  auditIds,
  clock,
  onError,
}: {
  database: Database
  auditIds: IdSource
  clock: Clock
  onError(error: unknown): void
}): SignInRecord {
  const recorded = new Set<string>()
  const record = (
    { name, siteId }: ApiUser,
    action: NewAuditEntry['action'],
    detail: NewAuditEntry['detail'],
  ): Promise<void> =>
    recordAudit(database, auditIds, {
      ...{ at: clock(), actor: `api:${name}`, action, siteId, subject: name, detail },
    })

  return {
    accepted: (user, clientAddress) => {
      const key = `${dayOf(clock(), 'UTC')} ${user.id} ${clientAddress}`
      if (recorded.has(key)) return
      if (recorded.size >= MOST_REMEMBERED) recorded.clear()
      recorded.add(key)
      record(user, 'api-user.sign-in', { clientAddress }).catch(onError)
    },
    refused: ({ name, clientAddress, count }) => {
      if (name === undefined || !isStorableText(name) || !/^10*$/.test(String(count))) return
      findApiUserByName(database, name)
        .then((user) => user && record(user, 'api-user.refused', { clientAddress, count }))
        .catch(onError)
    },
  }
}
