import { sql } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../storage/database.ts'

const FAILURES = 5
const LOCKED_MS = 15 * 60_000

/**
 * Locks a person out for a quarter of an hour after five wrong passwords in a row. Only people: an API user that could
 * be locked would let anyone stop its mail.
 */
export function createSignInLock(database: Database, clock: Clock) {
  const { query } = database
  const ofEmail = (email: string) => query.updateTable('person').where('email', '=', email.toLowerCase())
  const counted = () => ({
    failed_sign_ins: sql<number>`case when failed_sign_ins + 1 >= ${FAILURES} then 0 else failed_sign_ins + 1 end`,
    locked_until: sql<number>`case when failed_sign_ins + 1 >= ${FAILURES} then ${clock() + LOCKED_MS} else locked_until end`,
  })
  return {
    /**
     * Whether a password may be tried, which counts as a wrong one until it is found to be right: of many that are
     * tried at the same time no more are looked at than one after the other. True for an address that nobody has.
     */
    async admits(email: string): Promise<boolean> {
      const [rows] = await database.transact([
        ofEmail(email)
          .set(counted())
          .where('disabled_at', 'is', null)
          .where(({ or, eb }) => or([eb('locked_until', 'is', null), eb('locked_until', '<=', clock())]))
          .returning('id'),
      ])
      return rows.length > 0 || !(await this.isLocked(email))
    },
    async isLocked(email: string): Promise<boolean> {
      const [row] = await database.read(
        query
          .selectFrom('person')
          .select('id')
          .where('email', '=', email.toLowerCase())
          .where(({ or, eb }) => or([eb('locked_until', '>', clock()), eb('disabled_at', 'is not', null)])),
      )
      return row !== undefined
    },
    async failed(email: string): Promise<void> {
      await database.transact([ofEmail(email).set(counted())])
    },
    /** The password was right, of somebody who is signed in already. */
    async confirmed(email: string): Promise<void> {
      await database.transact([ofEmail(email).set({ failed_sign_ins: 0, locked_until: null })])
    },
    async succeeded(email: string): Promise<void> {
      await database.transact([
        ofEmail(email).set({ failed_sign_ins: 0, locked_until: null, signed_in_at: clock() }),
      ])
    },
  }
}

export type SignInLock = ReturnType<typeof createSignInLock>
