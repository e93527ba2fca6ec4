import { EventEmitter, once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

/** A message that the sink accepted. `raw` holds its bytes as they came, dots unstuffed. */
export type SinkMessage = { from: string; to: string[]; raw: Buffer; connection: string; secure: boolean }

export type SinkStage = 'connect' | 'mail' | 'rcpt' | 'data'

/** What is known at that stage. `address` is the one in question at `mail` and `rcpt`; `to` holds the accepted ones. */
export type SinkContext = { connection: string; from: string; to: string[]; address: string; raw: Buffer }

/**
 * `text` starts with the enhanced code, if any: `{ code: 550, text: '5.1.1 No such user' }`. `drop` closes the connection
 * instead of answering, `stall` never answers. Undefined accepts.
 */
export type SinkReply = { code: number; text: string } | 'drop' | 'stall' | undefined

export type SmtpSink = {
  url: string
  port: number
  messages: SinkMessage[]
  /** The messages, once there are `count` of them. @throws after `ms`. */
  waitFor(count: number, ms?: number): Promise<SinkMessage[]>
  setReply(reply: (stage: SinkStage, context: SinkContext) => SinkReply): void
  close(): Promise<void>
}

export type SinkOptions = {
  tls?: 'starttls' | 'implicit'
  /** In PEM; otherwise smtp-server's own: self-signed, for localhost. */
  certificate?: { cert: string; key: string }
  /** Asked for when given. */
  credentials?: { user: string; pass: string }
  port?: number
}

type Answer = (error?: Error | null) => void

/** A real SMTP server on 127.0.0.1 that keeps what it is sent and refuses what it is told to. */
export async function startSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const messages: SinkMessage[] = []
  const arrivals = new EventEmitter()
  const sockets = new Map<number, Socket>()
  let replyTo: (stage: SinkStage, context: SinkContext) => SinkReply = () => undefined

  function answer(
    stage: SinkStage,
    session: SMTPServerSession,
    asked: Partial<SinkContext>,
    accept: Answer,
  ): void {
    const reply = replyTo(stage, { ...contextOf(session), ...asked })
    if (reply === undefined) accept()
    else if (reply === 'drop') sockets.get(session.remotePort)?.destroy()
    else if (reply !== 'stall') accept(Object.assign(new Error(reply.text), { responseCode: reply.code }))
  }

  const server = new SMTPServer({
    ...securityOf(options),
    disableReverseLookup: true,
    // The server's own guesses would stand in front of the codes in `text`.
    hideENHANCEDSTATUSCODES: true,
    logger: false,
    onConnect: (session, accept) => answer('connect', session, {}, accept),
    onMailFrom: ({ address }, session, accept) => answer('mail', session, { address }, accept),
    onRcptTo: ({ address }, session, accept) => answer('rcpt', session, { address }, accept),
    async onData(stream, session, accept) {
      const raw = await buffer(stream).catch(() => undefined)
      // The client went away in the middle of it.
      if (raw === undefined) return
      const { connection, from, to } = contextOf(session)
      answer('data', session, { raw }, (refusal) => {
        if (!refusal) messages.push({ from, to, raw, connection, secure: session.secure })
        accept(refusal)
        arrivals.emit('message')
      })
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo

  return {
    url: `${options.tls === 'implicit' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    port,
    messages,
    async waitFor(count, ms = 5_000) {
      const signal = AbortSignal.timeout(ms)
      while (messages.length < count) {
        await once(arrivals, 'message', { signal }).catch((cause) => {
          throw new Error(`${messages.length} of ${count} messages arrived within ${ms} ms`, { cause })
        })
      }
      return messages
    },
    setReply(reply) {
      replyTo = reply
    },
    close() {
      for (const socket of sockets.values()) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

function contextOf({ id, envelope }: SMTPServerSession): SinkContext {
  return {
    connection: id,
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    address: '',
    raw: Buffer.alloc(0),
  }
}

function securityOf({ tls, certificate, credentials }: SinkOptions): SMTPServerOptions {
  const disabledCommands = []
  if (tls !== 'starttls') disabledCommands.push('STARTTLS')
  if (credentials === undefined) disabledCommands.push('AUTH')
  return {
    ...certificate,
    secure: tls === 'implicit',
    disabledCommands,
    allowInsecureAuth: true,
    authOptional: credentials === undefined,
    onAuth({ username, password }, _session, callback) {
      if (username === credentials?.user && password === credentials?.pass) callback(null, { user: username })
      else callback(Object.assign(new Error('5.7.8 Authentication failed'), { responseCode: 535 }))
    },
  }
}
