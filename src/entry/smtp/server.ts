import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection'
import { formatListenAddress, type ListenAddress } from '../../config/listen-address.ts'
import { Connection } from './connection.ts'
import type { WatchedCertificate } from './watched-certificate.ts'

/** RFC 5321 §4.5.3.2.7. */
const IDLE_MS = 300_000
/** How long a message that is being received when the server stops may take. */
const GRACE_MS = 20_000

export interface ServerSettings {
  /** Octets of a message. */
  maxSize: number
  maxConnections: number
  maxRecipients: number
  /** TLS from the first byte on. */
  implicitTls: boolean
  /** Whether clients sign in: who only brings mail in does not. */
  signsIn: boolean
  /** LMTP (RFC 2033) instead of SMTP. */
  lmtp: boolean
}

/** What smtp-server calls, command by command. */
type Handlers = Required<Pick<SMTPServerOptions, 'onMailFrom' | 'onRcptTo' | 'onData'>> &
  Pick<SMTPServerOptions, 'onAuth'>

const NEVER_OFFERED = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD']

/** A listener for mail, closed until `open`. */
export class MailServer extends SMTPServer {
  readonly #certificate: WatchedCertificate

  constructor(settings: ServerSettings, certificate: WatchedCertificate, handlers: Handlers) {
    super({
      ...handlers,
      ...certificate.read(),
      minVersion: 'TLSv1.2',
      secure: settings.implicitTls,
      lmtp: settings.lmtp,
      authMethods: ['PLAIN', 'LOGIN'],
      authOptional: !settings.signsIn,
      // Whether a client must have TLS first is told by its connection.
      allowInsecureAuth: true,
      allowHalfOpen: true,
      banner: 'Kaijo',
      heloResponse: '%s greets %s',
      hideENHANCEDSTATUSCODES: false,
      size: settings.maxSize,
      maxRecipients: settings.maxRecipients,
      maxClients: settings.maxConnections,
      socketTimeout: IDLE_MS,
      closeTimeout: GRACE_MS,
      disableReverseLookup: true,
      disabledCommands: settings.signsIn ? NEVER_OFFERED : ['AUTH', ...NEVER_OFFERED],
      logger: false,
    })
    this.#certificate = certificate
    // Before smtp-server sees the connection, so that its handshake has the newest certificate.
    this.server.prependListener('connection', () => this.#refreshCertificate())
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new Connection(this, socket, options)
    this.connections.add(connection)
    connection.on('error', (error) => this._onError(error))
    connection.init()
  }

  /** Answers where it listens, with the port that it got when 0 was asked for. Rejects when the address is taken. */
  async open({ host, port }: ListenAddress): Promise<string> {
    this.listen({ host, port, backlog: 4_096 })
    await once(this.server, 'listening')
    return formatListenAddress({ host, port: (this.server.address() as AddressInfo).port })
  }

  /** Takes no new client, lets go of the idle ones, and gives messages under way their time. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.close(() => resolve()))
    for (const connection of this.connections) (connection as Connection).dismiss()
    await closed
  }

  #refreshCertificate(): void {
    const renewed = this.#certificate.readIfChanged()
    if (renewed) this.updateSecureContext(renewed)
  }
}
