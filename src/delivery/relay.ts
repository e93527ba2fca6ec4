import { createTransport } from 'nodemailer'
import { parseAddress } from '../kernel/address.ts'
import { parseSmtpReply, type SmtpReply } from '../mail/smtp-reply.ts'

export interface RelaySettings {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS when it is offered. */
  secure: boolean
  credentials?: { user: string; pass: string } | undefined
}

interface Envelope {
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

/** More messages than this are not handed over at once: they would wait where nobody can call them back. */
export const RELAY_CONNECTIONS = 10
const MESSAGES_PER_CONNECTION = 1_000
/** RFC 5321 §4.5.3.2.6: ten minutes for the reply to the final dot. */
const PATIENCE_MS = 600_000
const CONNECT_MS = 30_000
const MOST_REPLY_CHARACTERS = 1_000

/** An SMTP relay behind a pool of connections that are used again and again. `patienceMs` bounds the wait for each reply. */
export function createRelay(settings: RelaySettings, { patienceMs = PATIENCE_MS } = {}): Relay {
  const { host, port, secure, credentials } = settings
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    ...(credentials && { auth: credentials }),
    maxConnections: RELAY_CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: Math.min(CONNECT_MS, patienceMs),
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (envelope, raw) => {
      const [from, to] = [toPath(envelope.from), toPath(envelope.to)]
      if (from === undefined || to === undefined) return UNSAYABLE
      try {
        const { response } = await transport.sendMail({
          // RFC 6152 §3: 8-bit bytes have to be announced.
          envelope: { from, to: [to], use8BitMime: raw.some((byte) => byte > 0x7f) },
          raw,
        })
        return { kind: 'accepted', reply: printable(response) }
      } catch (error) {
        return toAnswer(error as SmtpFailure)
      }
    },
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
  }
}

const UNSAYABLE: RelayAnswer = {
  kind: 'refused',
  reply: { code: 550, text: 'the address cannot be said in SMTP' },
  aboutRecipient: false,
}

/** The address for MAIL and RCPT, its domain as DNS has it. Angle brackets, even quoted, would be taken out on the way. */
function toPath(address: string): string | undefined {
  const domain = parseAddress(address)?.domain
  if (domain === undefined || /[<>]/.test(address)) return undefined
  return address.slice(0, address.lastIndexOf('@') + 1) + domain
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
  const said = printable(error.response || error.message)
  const ofMessage = error.code === 'EENVELOPE' || error.code === 'EMESSAGE'
  if (!ofMessage) return { kind: 'deferred', reply: said }
  // Refused before a byte was sent: the message cannot be said in SMTP.
  if (!error.response) return { kind: 'refused', reply: { code: 550, text: said }, aboutRecipient: false }
  const reply = parseSmtpReply(error.response)
  if (!reply || reply.code < 500) return { kind: 'deferred', reply: said }
  const aboutRecipient = error.command === 'RCPT TO' || error.command === 'DATA'
  return { kind: 'refused', reply: { ...reply, text: printable(reply.text) }, aboutRecipient }
}

/** One line of what a stranger said, fit for every database. */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, MOST_REPLY_CHARACTERS)
    .toWellFormed()
    .trim()
}
