import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { isLoopback } from '../../config/host.ts'
import { type Extensions, readEhlo } from '../../mail/ehlo.ts'
import { SmtpReplyReader } from '../../mail/smtp-reply-reader.ts'

export interface RelaySettings {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS when it is offered. */
  secure: boolean
  credentials?: { user: string; pass: string } | undefined
}

const CONNECT_MS = 30_000
/** How long connecting may take, from the first packet to the end of the sign-in, however slowly the relay speaks. */
const SET_UP_MS = 60_000

/** The relay went away, or said nothing for too long. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** True when it was the relay that ended it. */
  readonly byRelay: boolean

  constructor(message: string, byRelay: boolean) {
    super(message)
    this.byRelay = byRelay
  }
}

/**
 * A connection on which the relay waits for MAIL. nodemailer opened it and watches the socket; from here on we speak
 * SMTP ourselves, since only then is it known at which step something failed, and which parameters MAIL gets.
 */
export class RelayConnection {
  readonly offers: Extensions
  /** How many messages it was used for. */
  messages = 0
  readonly #client: SMTPConnection
  readonly #socket: Socket
  readonly #reader = new SmtpReplyReader()
  readonly #replies: string[] = []
  #waiting: { resolve(reply: string): void; reject(error: ConnectionLost): void } | undefined
  #lost: ConnectionLost | undefined
  #onLost: (() => void) | undefined
  #rest: NodeJS.Timeout | undefined

  constructor(client: SMTPConnection, socket: Socket, offers: Extensions) {
    this.#client = client
    this.#socket = socket
    this.offers = offers
    client.on('error', ({ message }: Error) => this.#lose(new ConnectionLost(message, true)))
    client.on('end', () => this.#lose(new ConnectionLost('the relay closed the connection', true)))
    socket.removeAllListeners('data')
    socket.on('data', (chunk: Buffer) => this.#hear(chunk))
  }

  /** False when the relay has gone, or said something unasked. */
  get isFit(): boolean {
    return !this.#lost && this.#replies.length === 0 && this.#reader.isEmpty
  }

  get isEncrypted(): boolean {
    return this.#socket instanceof TLSSocket
  }

  /** Also false where the relay asks nobody to sign in. */
  get isSignedIn(): boolean {
    return this.#client.authenticated
  }

  say(...words: (string | Buffer)[]): void {
    if (this.#lost) return
    this.#socket.cork()
    for (const word of words) this.#socket.write(word)
    this.#socket.uncork()
  }

  /** The next reply. Rejects with ConnectionLost when none comes within `ms` after everything was sent. */
  reply(ms: number): Promise<string> {
    const heard = this.#replies.shift()
    if (heard !== undefined) return Promise.resolve(heard)
    if (this.#lost) return Promise.reject(this.#lost)
    return new Promise((resolve, reject) => {
      let unsent = this.#socket.writableLength
      const timer = setTimeout(() => {
        const left = this.#socket.writableLength
        const moves = left < unsent
        unsent = left
        if (moves) timer.refresh()
        else this.#abandon(`nothing was said within ${ms / 1_000} s`)
      }, ms)
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer)
          this.#waiting = undefined
          then(value)
        }
      this.#waiting = { resolve: settle(resolve), reject: settle(reject) }
    })
  }

  /**
   * Lets the connection wait for the next message without keeping the process alive. `onOver` is called when it has
   * gone, or after `ms`.
   */
  rest(ms: number, onOver: () => void): void {
    this.#socket.unref()
    this.#onLost = onOver
    this.#rest = setTimeout(onOver, ms).unref()
  }

  wake(): void {
    clearTimeout(this.#rest)
    this.#onLost = undefined
    this.#socket.ref()
  }

  /** Ends with QUIT, or cuts the connection where its state is in doubt. */
  end({ inDoubt = false } = {}): void {
    this.wake()
    if (inDoubt) this.#socket.destroy()
    else this.say('QUIT\r\n')
    this.#client.close()
  }

  #hear(chunk: Buffer): void {
    try {
      this.#replies.push(...this.#reader.read(chunk))
    } catch (error) {
      this.#abandon((error as RangeError).message)
      return
    }
    const reply = this.#waiting && this.#replies.shift()
    if (reply !== undefined) this.#waiting?.resolve(reply)
  }

  #abandon(why: string): void {
    this.#lose(new ConnectionLost(why, false))
    this.end({ inDoubt: true })
  }

  #lose(lost: ConnectionLost): void {
    this.#lost ??= lost
    this.#waiting?.reject(this.#lost)
    this.#onLost?.()
  }
}

/** Connects, greets, encrypts and signs in. Rejects with nodemailer's error, its `code` and the relay's `response`. */
export async function connectToRelay(
  { host, port, secure, credentials }: RelaySettings,
  patienceMs: number,
): Promise<RelayConnection> {
  const client = new SMTPConnection({
    host,
    port,
    secure,
    // Opportunistic STARTTLS keeps out passive listeners (RFC 7435): to insist on a trusted certificate would hold up
    // the mail of everyone whose own MTA has a self-signed one. A password, though, goes only to a relay with a trusted
    // certificate.
    tls: { rejectUnauthorized: secure || credentials !== undefined },
    // Nor does it go in the clear, where others could listen, or strip the offer of TLS.
    requireTLS: !secure && credentials !== undefined && !isLoopback(host),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: Math.min(CONNECT_MS, patienceMs),
    // Each wait for a reply has its own limit.
    socketTimeout: 2 * patienceMs,
  })
  const { promise, resolve, reject } = Promise.withResolvers<Extensions>()
  const setUpMs = Math.min(SET_UP_MS, patienceMs)
  const timer = setTimeout(() => {
    reject(Object.assign(new Error(`not ready within ${setUpMs / 1_000} s`), { code: 'ETIMEDOUT' }))
  }, setUpMs)
  client.on('error', reject)
  client.on('end', () => reject(new Error('the relay closed the connection')))
  client.connect((failure) => {
    if (failure) return reject(failure)
    const offers = readEhlo(client.lastServerResponse || '')
    if (!credentials || !client.allowsAuth) return resolve(offers)
    client.login({ ...credentials }, (error) => (error ? reject(error) : resolve(offers)))
  })
  try {
    const offers = await promise
    if (!client._socket || client._socket.destroyed) throw new Error('the relay closed the connection')
    return new RelayConnection(client, client._socket, offers)
  } catch (error) {
    client.close()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
