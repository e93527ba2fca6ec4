import { parseAddress } from '../kernel/address.ts'
import { type HeaderField, valuesOf } from '../mail/header-block.ts'
import type { InboundAddresses, Purpose } from './addresses.ts'
import { headerOf } from './header-of.ts'
import { type InboundMail, type InboundOutcome, type Judgement, notUnderstood } from './inbound-mail.ts'
import { judgeReport, type ReportParts } from './judge-report.ts'
import { judgeSignUp, type SignUpParts } from './judge-sign-up.ts'
import { judgeUnsubscribe, type UnsubscribeParts } from './judge-unsubscribe.ts'
import type { KeepMail } from './keep-mail.ts'

export interface JudgeParts extends ReportParts, UnsubscribeParts, SignUpParts {
  /** Undefined where there is no inbound domain. */
  addresses: InboundAddresses | undefined
}

export interface ReceiveParts {
  judge: Judge
  kept: KeepMail
  onOutcome(outcome: Taken['outcome']): void
}

export interface Taken {
  kind: Judgement['kind']
  /**
   * `repeat`: reported and carried out before; `not-kept`: not understood, or asking for nothing, and too many of the
   * kind came today.
   */
  outcome: InboundOutcome | 'repeat' | 'not-kept'
  serviceId: number | null
}

/**
 * Takes a mail in. Resolving means that what it means is done and recorded durably. Rejects with DatabaseUnavailable.
 */
export type ReceiveMail = (mail: InboundMail) => Promise<Taken[]>

/** More relays than any mail passes through unless it loops (RFC 5321 §6.3). */
const MOST_HOPS = 50

/** Finds out what a mail means, for each recipient that it is about; at least one. */
export type Judge = (mail: InboundMail) => Promise<Judgement[]>

export function createReceiveMail({ judge, kept, onOutcome }: ReceiveParts): ReceiveMail {
  return async (mail) => {
    const taken: Taken[] = []
    for (const judgement of await judge(mail)) {
      const result = await kept.keep(mail, judgement)
      const outcome = result === 'kept' ? judgement.outcome : result
      onOutcome(outcome)
      taken.push({ kind: judgement.kind, outcome, serviceId: judgement.serviceId })
    }
    return taken
  }
}

export function createJudge(parts: JudgeParts): Judge {
  return async (mail) => {
    const fields = headerOf(mail.raw)
    if (valuesOf(fields, 'Received').length > MOST_HOPS) return [notUnderstood('other', 'loop')]
    const purpose = purposeOfMail(parts.addresses, mail, fields)
    if (purpose?.kind === 'unsubscribe') return [await judgeUnsubscribe(parts, mail)]
    if (purpose?.kind === 'sign-up') return [await judgeSignUp(parts, mail, purpose.serviceId)]
    return judgeReport(parts, mail, purpose)
  }
}

/** What a mail is for: by its envelope, or where that is lost by what is left of it in the header. */
function purposeOfMail(
  addresses: InboundAddresses | undefined,
  { recipient }: InboundMail,
  fields: readonly HeaderField[],
): Purpose | undefined {
  if (recipient !== null) return addresses?.read(recipient)
  const named = ENVELOPE_FIELDS.flatMap((name) => valuesOf(fields, name))
  for (const value of named.slice(0, MOST_NAMED)) {
    const purpose = addresses?.read(parseAddress(value)?.address ?? '')
    if (purpose) return purpose
  }
  return undefined
}

const ENVELOPE_FIELDS = ['Delivered-To', 'X-Original-To', 'Envelope-To', 'To']
const MOST_NAMED = 50
