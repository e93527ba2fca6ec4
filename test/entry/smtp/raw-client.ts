import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An SMTP client that sends exactly the bytes it is told to. */
export interface RawClient {
  /** The whole reply to what was sent before, without the last line break. */
  reply(): Promise<string>
  /** Sends a line and waits for its reply. */
  say(line: string): Promise<string>
  write(bytes: string | Buffer): void
  /** Closes its own side; replies still come. */
  end(): void
  destroy(): void
  /** Resolves with what came that nobody has asked for, once the server has closed. */
  closed(): Promise<string>
}

/** Connects to host:port and reads the greeting. */
export async function connectRaw(address: string): Promise<RawClient> {
  const at = address.lastIndexOf(':')
  const client = speakOver(connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) }))
  await client.reply()
  return client
}

/** The same over a socket that is there. */
export function speakOver(socket: Socket): RawClient {
  let said = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    said += chunk
  })
  socket.on('error', () => {})
  const closing = once(socket, 'close')
  const reply = async () => {
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(said)?.[0]
      if (whole !== undefined) {
        said = said.slice(whole.length)
        return whole.trimEnd()
      }
      if (socket.closed) throw new Error(`the server closed the connection; it said ${JSON.stringify(said)}`)
      await Promise.race([once(socket, 'data'), closing])
    }
  }
  return {
    reply,
    say: (line) => {
      socket.write(`${line}\r\n`)
      return reply()
    },
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    closed: async () => {
      await closing
      return said
    },
  }
}
