import type { Config } from '../../config/to-config.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { createInboundHandlers, type InboundParts } from './inbound-handlers.ts'
import { createListeners } from './listeners.ts'
import { roomFor } from './receive.ts'

/** Addresses of different messages can share one transaction; the rest comes in a further one. */
const MOST_RECIPIENTS = 100
/** What all mails together may take while they come in. */
const ROOM_OCTETS = 134_217_728

export interface InboundEntranceParts extends Omit<InboundParts, 'room' | 'maxSize'> {
  config: Pick<
    Config,
    'dataDir' | 'tls' | 'inboundListen' | 'inboundProtocol' | 'smtpMaxSize' | 'smtpMaxConnections'
  >
  clock: Clock
  log: Logger
}

interface InboundEntrance {
  /** Opens the listener and answers where it is. Rejects when the address is taken. */
  open(): Promise<string>
  /** Takes no new mail and lets what is being received end, for 20 seconds at most. */
  close(): Promise<void>
}

/** Mail that comes back: from anybody, for the addresses that we handed out. */
export function createInboundEntrance(parts: InboundEntranceParts): InboundEntrance {
  const { config } = parts
  const listeners = createListeners(parts)
  return {
    open: () => {
      const maxSize = config.smtpMaxSize
      const settings = {
        maxSize,
        maxConnections: config.smtpMaxConnections,
        maxRecipients: MOST_RECIPIENTS,
        ...{ implicitTls: false, signsIn: false, lmtp: config.inboundProtocol === 'lmtp' },
      }
      const handlers = createInboundHandlers({ ...parts, room: roomFor(ROOM_OCTETS), maxSize })
      return listeners.open(config.inboundListen, settings, handlers)
    },
    close: listeners.close,
  }
}
