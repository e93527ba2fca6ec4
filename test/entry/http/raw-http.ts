import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A response as it came over the wire. */
export interface RawResponse {
  status: number
  /** By lower-case name; of several fields with one name the values in a row. */
  headers: Record<string, string>
  body: string
}

/** One connection to a server, for requests that no client library would send. */
export interface RawConnection {
  /** Writes bytes; a string is one byte per character. */
  write(bytes: string | Buffer): void
  /** The next response. Rejects when the server closes the connection before it. */
  next(): Promise<RawResponse>
  /** Resolves when the server has closed the connection, with what it sent beyond the responses read. */
  closed(): Promise<string>
  destroy(): void
}

export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let received = ''
  let ended = false
  let wake = () => {}
  const end = () => {
    ended = true
    wake()
  }
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    wake()
  })
  socket.on('error', end).on('close', end).on('end', end)
  const more = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  return {
    write: (bytes) => write(socket, bytes),
    next: async () => {
      for (;;) {
        const [response, rest] = parse(received) ?? []
        if (response && rest !== undefined) {
          received = rest
          return response
        }
        if (ended) throw new Error(`closed after ${JSON.stringify(received.slice(0, 200))}`)
        await more()
      }
    },
    closed: async () => {
      while (!ended) await more()
      return received
    },
    destroy: () => socket.destroy(),
  }
}

/** Sends the bytes on a connection of their own and answers the first response. */
export async function send(url: string, bytes: string | Buffer): Promise<RawResponse> {
  const connection = await openRaw(url)
  connection.write(bytes)
  return connection.next().finally(connection.destroy)
}

function write(socket: Socket, bytes: string | Buffer): void {
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
}

/** The first response and what follows it; undefined as long as it is not whole. Every answer here has a length. */
function parse(received: string): [RawResponse, string] | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1])
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`
  }
  const start = end + 4
  const length = status < 200 ? 0 : Number(headers['content-length'] ?? 0)
  if (received.length < start + length) return undefined
  const body = Buffer.from(received.slice(start, start + length), 'latin1').toString('utf8')
  return [{ status, headers, body }, received.slice(start + length)]
}
