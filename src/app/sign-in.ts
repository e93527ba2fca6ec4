import { setTimeout as sleep } from 'node:timers/promises'
import { type Authenticate, createAuthenticate } from '../access/authenticate.ts'
import { createNoteUse } from '../access/last-use.ts'
import { createSignInRecord } from '../access/sign-in-record.ts'
import type { Meters } from '../entry/http/metrics.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Logger } from '../kernel/log.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'

interface SignInParts {
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'audit', IdSource>
  meters: Pick<Meters, 'refused'>
  log: Logger
}

/**
 * Signs API users in, whichever entrance they use: whoever guesses keys over HTTP and SMTP is slowed by the wrong
 * guesses of both. Logs who keeps guessing: at the first, tenth, hundredth guess and so on.
 */
export function createSignIn({ database, keyring, clock, ids, meters, log }: SignInParts): Authenticate {
  const onError = (err: unknown) => log.error({ err }, 'a sign-in could not be put on record')
  const record = createSignInRecord({ database, clock, auditIds: ids.audit, onError })
  const noteUse = createNoteUse({ database, clock, onError })
  return createAuthenticate({
    ...{ database, keyring, clock, sleep },
    onAccepted: (user, clientAddress, byPreviousKey) => {
      record.accepted(user, clientAddress)
      noteUse(user, byPreviousKey)
    },
    onRefused: (refusal) => {
      const { name, clientAddress, count } = refusal
      meters.refused()
      record.refused(refusal)
      if (/^10*$/.test(String(count))) log.warn({ name, client: clientAddress, count }, 'wrong credentials')
    },
  })
}
