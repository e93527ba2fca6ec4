import type { Config } from '../../config/to-config.ts'
import { DAY_MS } from '../../kernel/clock.ts'
import { createHandlers, type HandlerParts } from './handlers.ts'
import { keepOwnCertificate } from './own-certificate.ts'
import { roomFor } from './receive.ts'
import { SubmissionServer } from './server.ts'
import { createSignIn, type SignInParts } from './sign-in.ts'
import { watchCertificate } from './watched-certificate.ts'

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
  const { config, log, clock } = parts
  const servers: SubmissionServer[] = []
  let upkeep: NodeJS.Timeout | undefined
  const failed = (err: unknown) => log.error({ err }, 'the certificate for SMTP cannot be used')
  const keepOwn = async () => {
    const files = await keepOwnCertificate(config.dataDir, clock())
    // Renewed on disk; the next connection finds it there.
    upkeep = setInterval(() => keepOwnCertificate(config.dataDir, clock()).catch(failed), DAY_MS).unref()
    return files
  }
  return {
    open: async () => {
      const handlers = createHandlers({
        ...parts,
        ...createSignIn(parts),
        room: roomFor(ROOM_OCTETS),
        maxSize: config.smtpMaxSize,
      })
      const limits = {
        maxSize: config.smtpMaxSize,
        maxConnections: config.smtpMaxConnections,
        maxRecipients: MOST_RECIPIENTS,
      }
      const files = config.tls ?? (await keepOwn())
      const listen = async (address: Config['smtpListen'], implicitTls: boolean) => {
        const certificate = watchCertificate(files, failed)
        const server = new SubmissionServer({ ...limits, implicitTls }, certificate, handlers)
        // Clients that break off; what they leave undone is counted.
        server.on('error', (err) => log.debug({ err }, 'an SMTP connection failed'))
        servers.push(server)
        return server.open(address)
      }
      const smtp = await listen(config.smtpListen, false)
      if (!config.smtpsListen) return { smtp }
      return { smtp, smtps: await listen(config.smtpsListen, true) }
    },
    close: async () => {
      clearInterval(upkeep)
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}
