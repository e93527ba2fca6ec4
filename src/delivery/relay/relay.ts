import { lacking, smtpNeeds } from '../../mail/smtp-needs.ts'
import { senderPath, smtpPath } from '../../mail/smtp-path.ts'
import type { SmtpReply } from '../../mail/smtp-reply.ts'
import { printable, type RelayAnswer } from './relay-answer.ts'
import { connectToRelay, type RelayConnection, type RelaySettings } from './relay-connection.ts'
import { createRelayPool } from './relay-pool.ts'
import { type Mail, transact } from './relay-transaction.ts'

export interface Envelope {
  /** '' is the null sender. */
  from: string
  to: string
  /** The message was declared as internationalised (RFC 6531). */
  utf8?: boolean | undefined
}

/** Lets whoever hands a message over withdraw it when its turn comes. */
export interface Consent {
  /**
   * Asked once there is a connection and before anything is said about the message, however long that took. Must not
   * reject.
   */
  isWanted(): Promise<boolean>
  /** Asked right before the content: without it the connection is cut, and the relay takes nothing. */
  isStillOurs(): boolean
}

/** What a relay that takes mail offers. */
export interface Readiness {
  /** The names of the extensions that it offers. */
  offers: string[]
  isEncrypted: boolean
  isSignedIn: boolean
}

export interface Relay {
  /** More messages than this are never handed over at once; the relay may allow even fewer. */
  readonly connections: number
  /**
   * Hands a message over; the lines of `raw` end in CRLF. Never rejects: the answer says what went wrong on the way.
   */
  send(envelope: Envelope, raw: Buffer, consent?: Consent): Promise<RelayAnswer>
  /**
   * Connects and signs in without sending; takes `patienceMs` plus a minute at most. Rejects with nodemailer's error,
   * or with one that says why there is nothing to connect to.
   */
  verify(patienceMs?: number): Promise<Readiness>
  /** Ends every connection, those in use after their message. */
  close(): void
}

export type { RelayAnswer }

const CONNECTIONS = 20
/** RFC 5321 §4.5.3.2.6: ten minutes for the reply to the final dot. */
const PATIENCE_MS = 600_000

/** An SMTP relay behind reused connections. `patienceMs` bounds the wait for each reply. */
export function createRelay(
  settings: RelaySettings,
  { connections = CONNECTIONS, patienceMs = PATIENCE_MS } = {},
): Relay {
  const pool = createRelayPool(() => connectToRelay(settings, patienceMs), connections)

  const attempt = async (connection: RelayConnection, mail: Mail, isStillOurs: () => boolean) => {
    const lack = lacking(connection.offers, mail.needs)
    if (lack) {
      pool.giveBack(connection, true)
      return { answer: refused(lack), unheard: false }
    }
    const usedBefore = connection.messages++ > 0
    const { answer, unheard, isFit } = await transact(connection, mail, patienceMs, isStillOurs)
    if (typeof isFit === 'boolean') pool.giveBack(connection, isFit)
    else isFit.then((fit) => pool.giveBack(connection, fit))
    return { answer, unheard: unheard && usedBefore }
  }

  return {
    connections,
    send: async (envelope, raw, consent) => {
      const [from, to] = [senderPath(envelope.from), smtpPath(envelope.to)]
      if (from === undefined) return refused(unsayable('5.1.7'))
      if (to === undefined) return refused(unsayable('5.1.3'))
      const mail = { from, to, raw, needs: smtpNeeds({ from, to, declared: envelope.utf8 }, raw) }
      for (let tries = 1; ; tries++) {
        const connection = await pool.take().catch(reasonOf)
        if (typeof connection === 'string') return { kind: 'unreachable', reply: connection }
        if (consent && !(await consent.isWanted())) {
          pool.giveBack(connection, true)
          return { kind: 'withdrawn' }
        }
        const { answer, unheard } = await attempt(connection, mail, consent?.isStillOurs ?? always)
        if (!unheard || tries > 1) return answer
        // The relay ended a connection that had been idle, and probably others too.
        pool.dropResting()
      }
    },
    verify: async (wait = patienceMs) => {
      const connection = await connectToRelay(settings, wait)
      const { offers, isEncrypted, isSignedIn } = connection
      connection.end()
      return { offers: [...offers.keys()], isEncrypted, isSignedIn }
    },
    close: pool.close,
  }
}

function always(): boolean {
  return true
}

function refused(reply: SmtpReply): RelayAnswer {
  return { kind: 'refused', reply, aboutRecipient: false }
}

function unsayable(enhanced: string): SmtpReply {
  return { code: 553, enhanced, text: 'not sent: the address cannot be said in SMTP' }
}

function reasonOf({ response, message }: Error & { response?: string }): string {
  return printable(response || message) || 'no connection'
}
