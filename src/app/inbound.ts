import type { Config } from '../config/to-config.ts'
import type { Meters } from '../entry/http/metrics.ts'
import { type InboundAddresses, inboundAddresses } from '../inbound/addresses.ts'
import { createKeepMail, type KeepMail } from '../inbound/keep-mail.ts'
import { systemResolver } from '../inbound/provenance.ts'
import { createPurposeOf, type PurposeOf } from '../inbound/purpose-of.ts'
import { createJudge, createReceiveMail, type Judge, type ReceiveMail } from '../inbound/receive-mail.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Database } from '../storage/database.ts'
import type { IdSource } from '../storage/id-block.ts'
import type { AskToConfirm } from '../subscribers/confirm/ask-to-confirm.ts'
import { createJoinStatements } from '../subscribers/join.ts'
import { createChangeStatements } from '../suppression/changing/change-statements.ts'
import type { ErasedPeople } from '../suppression/erased/erased.ts'
import type { Links } from '../tokens/link.ts'
import type { AcceptParts } from '../unsubscribe/accept-request.ts'
import { createPlanRequest } from '../unsubscribe/plan-request.ts'

/** Everything about mail that comes in, before anyone can bring it. */
export interface Inbound {
  /** Undefined where there is no inbound domain. */
  addresses: InboundAddresses | undefined
  judge: Judge
  kept: KeepMail
  receiveMail: ReceiveMail
  purposeOf: PurposeOf
}

interface InboundParts {
  config: Pick<Config, 'inboundDomain'>
  database: Database
  keyring: Keyring
  clock: Clock
  ids: Record<'inbound', IdSource>
  links: Links
  askToConfirm: AskToConfirm
  erased: Pick<ErasedPeople, 'find' | 'isSomeone' | 'replace' | 'without'>
  publicParts: Omit<AcceptParts, 'journal'> & { journal: { readonly pending: boolean } }
  meters: Pick<Meters, 'inbound'>
}

/** Joins the parts of it: what a mail means, how it is kept, for which addresses it is taken. */
export function createInbound(parts: InboundParts): Inbound {
  const { config, database, keyring, clock, erased, publicParts } = parts
  const addresses =
    config.inboundDomain === undefined ? undefined : inboundAddresses(config.inboundDomain, keyring)
  const statementsOf = createChangeStatements(database, clock, erased)
  const judge = createJudge({
    ...parts,
    addresses,
    inboundDomain: config.inboundDomain,
    resolver: systemResolver,
    statementsOf,
    joinStatements: createJoinStatements(database, clock, erased),
    planRequest: createPlanRequest({ ...publicParts, statementsOf }),
    journal: publicParts.journal,
  })
  const kept = createKeepMail({ database, erased, ids: parts.ids.inbound })
  return {
    addresses,
    judge,
    kept,
    receiveMail: createReceiveMail({ judge, kept, onOutcome: parts.meters.inbound }),
    purposeOf: createPurposeOf(database, addresses),
  }
}
