import { createTransport } from 'nodemailer'
import { parseSmtpReply, type SmtpReply } from '../mail/smtp-reply.ts'

export interface RelaySettings {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS when it is offered. */
  secure: boolean
  credentials?: { user: string; pass: string } | undefined
}

export interface Envelope {
  from: string
  to: string
}

/** What a relay said to one message. A refusal tells whether it was about the recipient. */
export type RelayAnswer =
  | { kind: 'accepted'; reply: string }
  | { kind: 'deferred'; reply: string }
  | { kind: 'refused'; reply: SmtpReply; aboutRecipient: boolean }

export interface Relay {
  /** Never rejects: what goes wrong on the way is a deferral. */
  send(envelope: Envelope, raw: Buffer): Promise<RelayAnswer>
  /** Connects and signs in without sending. Rejects with the reason. */
  verify(): Promise<void>
  close(): void
}

const CONNECTIONS = 10
const MESSAGES_PER_CONNECTION = 1_000

/** An SMTP relay behind a pool of connections that are used again and again. */
export function createRelay(settings: RelaySettings): Relay {
  const { host, port, secure, credentials } = settings
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    ...(credentials && { auth: credentials }),
    maxConnections: CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    // RFC 5321 §4.5.3.2.6: ten minutes for the reply to the final dot.
    socketTimeout: 600_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (envelope, raw) => {
      try {
        const { response } = await transport.sendMail({
          envelope: { from: envelope.from, to: [envelope.to] },
          raw,
        })
        return { kind: 'accepted', reply: response }
      } catch (error) {
        return toAnswer(error as SmtpFailure)
      }
    },
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
  }
}

interface SmtpFailure extends Error {
  code?: string
  command?: string
  response?: string
}

/**
 * Only what the relay answers to MAIL, RCPT or DATA with 5xx is final. A failed sign-in, a broken connection or nonsense
 * says nothing about the message: it is tried again.
 */
function toAnswer(error: SmtpFailure): RelayAnswer {
  const reply = error.response ? parseSmtpReply(error.response) : undefined
  const ofMessage = error.code === 'EENVELOPE' || error.code === 'EMESSAGE'
  if (!ofMessage || (reply && reply.code < 500))
    return { kind: 'deferred', reply: error.response ?? error.message }
  if (reply)
    return { kind: 'refused', reply, aboutRecipient: error.command === 'RCPT TO' || error.command === 'DATA' }
  // Refused before a byte was sent: the message cannot be said in SMTP.
  return { kind: 'refused', reply: { code: 550, text: error.message }, aboutRecipient: false }
}
