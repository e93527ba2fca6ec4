import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { headerFields, valuesOf } from '../../../mail/header-block.ts'

/** A mail as it reached the relay. */
export interface ReceivedMail {
  to: string
  /** The values of a header field, unfolded. */
  header(name: string): string
}

/** A relay on a free port of 127.0.0.1 that keeps what it is given. */
export interface Sink {
  url: string
  /** Everything received so far, once it is so many. Rejects after ten seconds. */
  received(count: number): Promise<readonly ReceivedMail[]>
  close(): Promise<void>
}

const PATIENCE_MS = 10_000
const POLL_MS = 20

export async function startSink(): Promise<Sink> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    onData: async (stream, session, accept) => {
      const raw = await buffer(stream)
      for (const { address } of session.envelope.rcptTo) mails.push(toMail(address, raw))
      accept()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received: async (count) => {
      const deadline = Date.now() + PATIENCE_MS
      while (mails.length < count) {
        if (Date.now() > deadline) throw new Error(`${mails.length} of ${count} mails reached the relay`)
        await sleep(POLL_MS)
      }
      return mails
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function toMail(to: string, raw: Buffer): ReceivedMail {
  const fields = headerFields(raw)
  return { to, header: (name) => valuesOf(fields, name).join(', ') }
}
