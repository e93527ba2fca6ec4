import type { Readable } from 'node:stream'

/** What a mail says to Kaijo: `sendMail({ …, kaijo: { transactional: true } })`. */
export interface KaijoMail {
  /** Opt-outs do not apply, and no headers are added. Bounces, complaints and the blocklist do apply. */
  transactional?: boolean
  /**
   * Your name for this sending, for the transport: a mail is accepted once under it. Unless given it is made of
   * Message-ID and recipients.
   */
  requestId?: string
}

interface Mailbox {
  name?: string | undefined
  address?: string | undefined
}

export type Envelope = {
  from: string | false
  to: string[]
}

/** The DKIM options of nodemailer that are read here. */
interface DkimOptions {
  /** Names with colons between. */
  headerFieldNames?: string | undefined
}

/** The compiled message, as nodemailer 7 and later have it. */
export interface Message {
  getEnvelope(): Envelope
  setEnvelope(envelope: Envelope): unknown
  getAddresses(): { to?: Mailbox[] | undefined; cc?: Mailbox[] | undefined; bcc?: Mailbox[] | undefined }
  setHeader(name: string, value: Mailbox[] | { prepared: true; value: string }): unknown
  buildHeaders(): string
  setRaw(raw: Buffer): unknown
  createReadStream(): Readable
  messageId(): string
}

/** A mail on its way through nodemailer. */
export interface Mail {
  data: object
  /** Null until it is compiled. */
  message: Message | null
  mailer: Mailer
}

/** A mail after the compile step. */
export type CompiledMail = Mail & { message: Message }

export function isCompiled(mail: Mail): mail is CompiledMail {
  return mail.message !== null
}

interface Mailer {
  options?: { dkim?: DkimOptions | undefined } | undefined
  transporter?: Transporter
  use(step: 'stream', plugin: (mail: Mail, done: Done) => void): unknown
}

export interface Transporter {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the transport tells
  send(mail: any, done: (error: Error | null, info?: any) => void): void
}

export type Done = (error?: Error | null) => void

/** What is read of the options of `sendMail`. */
interface Data {
  kaijo?: KaijoMail
  raw?: unknown
  dkim?: DkimOptions
  signal?: AbortSignal
}

export function dataOf(mail: Mail): Data {
  return mail.data
}
