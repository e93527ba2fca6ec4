import type { ListenAddress } from '../../config/listen-address.ts'
import type { Config } from '../../config/to-config.ts'
import { type Clock, DAY_MS } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { keepOwnCertificate } from './own-certificate.ts'
import { MailServer, type ServerSettings } from './server.ts'
import { type CertificateFiles, watchCertificate } from './watched-certificate.ts'

interface Listeners {
  /** Opens one, answers where it is. Rejects when the address is taken. */
  open(
    address: ListenAddress,
    settings: ServerSettings,
    handlers: ConstructorParameters<typeof MailServer>[2],
  ): Promise<string>
  /** Takes no new mail and lets what is being received end, for 20 seconds at most. */
  close(): Promise<void>
}

/** Listeners for mail, with the configured certificate or one of our own making. */
export function createListeners({
  config,
  log,
  clock,
}: {
  config: Pick<Config, 'dataDir' | 'tls'>
  log: Logger
  clock: Clock
}): Listeners {
  const servers: MailServer[] = []
  let own: Promise<CertificateFiles> | undefined
  let upkeep: NodeJS.Timeout | undefined
  const failed = (err: unknown) => log.error({ err }, 'the certificate for SMTP cannot be used')
  const keepOwn = async () => {
    const files = await keepOwnCertificate(config.dataDir, clock())
    // Renewed on disk; the next connection finds it there.
    upkeep = setInterval(() => keepOwnCertificate(config.dataDir, clock()).catch(failed), DAY_MS).unref()
    return files
  }
  const certificateFiles = async () => {
    if (config.tls) return config.tls
    own ??= keepOwn()
    return own
  }
  return {
    open: async (address, settings, handlers) => {
      const certificate = watchCertificate(await certificateFiles(), failed)
      const server = new MailServer(settings, certificate, handlers)
      // Clients that break off; their unfinished messages are counted elsewhere.
      server.on('error', (err) => log.debug({ err }, 'an SMTP connection failed'))
      servers.push(server)
      return server.open(address)
    },
    close: async () => {
      clearInterval(upkeep)
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}
