import type { Readiness, Relay } from './relay.ts'
import { printable } from './relay-answer.ts'

/** How far one gets with a relay. The `ready` ones take mail, though perhaps in the clear or without a sign-in. */
export const RELAY_OUTCOMES = [
  'ready',
  'none',
  'unreadable',
  'unknown-host',
  'refused',
  'no-answer',
  'no-smtp',
  'no-tls',
  'untrusted',
  'sign-in-refused',
  'lost',
] as const

export interface RelayTrial extends Readiness {
  outcome: (typeof RELAY_OUTCOMES)[number]
  /** What the relay or the network said, as one line. */
  said: string
}

/** How long the trial may take, from the first packet to the end of the sign-in: somebody is waiting for it. */
const PATIENCE_MS = 10_000
const MOST_SAID = 300

/**
 * Connects, greets and signs in, and tells how far that got. Sends nothing, takes ten seconds at most, never rejects.
 */
export async function tryRelay(
  relay: Pick<Relay, 'verify'> | undefined,
  patienceMs = PATIENCE_MS,
): Promise<RelayTrial> {
  const nothing = { offers: [], isEncrypted: false, isSignedIn: false, said: '' }
  if (!relay) return { ...nothing, outcome: 'none' }
  try {
    return { ...nothing, ...(await relay.verify(patienceMs)), outcome: 'ready' }
  } catch (error) {
    const { response, message } = error as SmtpError
    const said = printable(response || message).slice(0, MOST_SAID)
    return { ...nothing, outcome: outcomeOf(error as SmtpError), said: said.toWellFormed() }
  }
}

/** An error as nodemailer reports it; `originalCode` is the system's or OpenSSL's. */
type SmtpError = Error & { code?: string; originalCode?: string; response?: string }

function outcomeOf({ code = '', originalCode = '', message }: SmtpError): RelayTrial['outcome'] {
  if (code === 'EUNREADABLE') return 'unreadable'
  if (code === 'EDNS' || /^(ENOTFOUND|EAI_\w+)$/.test(originalCode)) return 'unknown-host'
  if (code === 'EAUTH') return 'sign-in-refused'
  if (/CERT|SIGNATURE/.test(originalCode)) return 'untrusted'
  if (code === 'ETLS' || /SSL|TLS|^EPROTO$/.test(`${originalCode} ${message}`)) return 'no-tls'
  if (code === 'EPROTOCOL') return 'no-smtp'
  if (/^E(CONNREFUSED|HOSTUNREACH|NETUNREACH|ACCES|ADDRNOTAVAIL)$/.test(originalCode)) return 'refused'
  if (code === 'ETIMEDOUT' || originalCode === 'ETIMEDOUT') return 'no-answer'
  return 'lost'
}
