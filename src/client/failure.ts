/**
 * Why a mail was not sent. `EKAIJOEXCLUDED`: everybody it goes to is excluded. `EKAIJORECIPIENTS`: it needs a link,
 * which belongs to one recipient, and goes to several. `EKAIJOADDRESS`: it goes to something that is not a mail
 * address. `EKAIJOREPEATED`: it was accepted before. `EKAIJOUNAVAILABLE`: Kaijo cannot be asked now; try again later.
 * `EKAIJOAUTH`: the key is wrong or lacks a permission. `EKAIJOREFUSED`: Kaijo refuses the mail. `EKAIJOCONFIG`: an
 * option is missing or wrong.
 */
export type FailureCode =
  | 'EKAIJOEXCLUDED'
  | 'EKAIJORECIPIENTS'
  | 'EKAIJOADDRESS'
  | 'EKAIJOREPEATED'
  | 'EKAIJOUNAVAILABLE'
  | 'EKAIJOAUTH'
  | 'EKAIJOREFUSED'
  | 'EKAIJOCONFIG'

/** A recipient who must not get the mail. */
export interface Exclusion {
  address: string
  /** `sender:ADDRESS`, `filter:NAME`, `hard-bounces`, `complaints` or `blocklist`. */
  list: string
  reason: string
  /** UTC, ISO 8601. */
  since: string
}

interface Details {
  excluded?: readonly Exclusion[]
  problem?: Problem
  cause?: unknown
}

/** What Kaijo answered (RFC 9457). */
export interface Problem {
  status: number
  code: string
  detail: string
  field?: string
}

/** Nothing was handed to a mail server. */
export class Failure extends Error {
  override readonly name = 'KaijoError'
  readonly code: FailureCode
  /** Who was left out, and why. */
  readonly excluded: readonly Exclusion[]
  readonly problem: Problem | undefined
  /** As nodemailer says it: false when the same mail may be sent later. */
  readonly permanent: boolean

  constructor(code: FailureCode, message: string, { excluded = [], problem, cause }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.excluded = excluded
    this.problem = problem
    this.permanent = code !== 'EKAIJOUNAVAILABLE'
  }
}

/** Everybody is excluded. */
export function nobodyLeft(excluded: readonly Exclusion[]): Failure {
  const reasons = excluded.map(({ address, list, since }) => `${address} is on ${list} since ${since}`)
  return new Failure('EKAIJOEXCLUDED', `nobody is left to mail: ${reasons.join(', ')}`, { excluded })
}

export function noAddresses(malformed: readonly string[]): Failure {
  return new Failure('EKAIJOADDRESS', `not a mail address: ${malformed.join(', ')}`)
}
