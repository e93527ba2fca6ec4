import type { Config } from '../../config/to-config.ts'
import { createHandlers, type HandlerParts } from './handlers.ts'
import { createListeners } from './listeners.ts'
import { roomFor } from './receive.ts'
import { createSignIn, type SignInParts } from './sign-in.ts'

/** RFC 5321 §4.5.3.1.8 asks for 100 at least; clients send the rest in a further transaction. */
const MOST_RECIPIENTS = 1_000
/** What all messages together may take while they come in. */
const ROOM_OCTETS = 268_435_456

export interface SubmissionParts
  extends SignInParts,
    Pick<HandlerParts, 'acceptDelivery' | 'log' | 'onOutcome'> {
  config: Pick<
    Config,
    'dataDir' | 'tls' | 'smtpListen' | 'smtpsListen' | 'smtpMaxSize' | 'smtpMaxConnections'
  >
}

/** Where each listener is, as host:port. */
export interface Opened {
  smtp: string
  smtps?: string
}

export interface Submission {
  /** Opens the listeners. Rejects when an address is taken. */
  open(): Promise<Opened>
  /** Takes no new mail and lets what is being received end, for 20 seconds at most. */
  close(): Promise<void>
}

/** Mail that comes by SMTP from whoever signs in as an API user (RFC 6409). */
export function createSubmission(parts: SubmissionParts): Submission {
  const { config } = parts
  const listeners = createListeners(parts)
  return {
    open: async () => {
      const handlers = createHandlers({
        ...parts,
        ...createSignIn(parts),
        room: roomFor(ROOM_OCTETS),
        maxSize: config.smtpMaxSize,
      })
      const settings = {
        maxSize: config.smtpMaxSize,
        maxConnections: config.smtpMaxConnections,
        maxRecipients: MOST_RECIPIENTS,
        ...{ signsIn: true, lmtp: false },
      }
      const smtp = await listeners.open(config.smtpListen, { ...settings, implicitTls: false }, handlers)
      if (!config.smtpsListen) return { smtp }
      const smtps = await listeners.open(config.smtpsListen, { ...settings, implicitTls: true }, handlers)
      return { smtp, smtps }
    },
    close: listeners.close,
  }
}
