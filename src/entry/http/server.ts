import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { formatListenAddress } from '../../config/listen-address.ts'
import { endCutOffBodies } from './cut-off-bodies.ts'

export interface HttpListener {
  /** Where it listens, with the port that it got when 0 was asked for. */
  url: string
  /** Takes no new connection and closes idle ones; requests under way are given ten seconds to end. */
  close(): Promise<void>
}

export interface Certificate {
  cert: Buffer
  key: Buffer
}

/** Both files in PEM. Rejects when one cannot be read; whether they fit is found out by `createServer`. */
export async function readCertificate(files: { certFile: string; keyFile: string }): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)])
  return { cert, key }
}

const GRACE_MS = 10_000
const SWEEP_MS = 50

/** A server that is not listening yet. */
export function createServer(listener: RequestListener, certificate: Certificate | undefined): Server {
  // An upload may stream for a long time, but a head must end soon.
  const options = { keepAliveTimeout: 65_000, headersTimeout: 15_000, requestTimeout: 3_600_000 }
  const server = certificate
    ? createHttpsServer({ ...options, ...certificate }, listener)
    : createHttpServer(options, listener)
  endCutOffBodies(server)
  // A client may close its side once it has sent everything; Node would hang up without an answer.
  return Object.assign(server, { httpAllowHalfOpen: true })
}

/** Rejects when the address is taken. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<HttpListener> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 4_096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `${server instanceof HttpsServer ? 'https' : 'http'}://${formatListenAddress({ host, port: taken })}`,
    close: () =>
      new Promise((resolve) => {
        // Otherwise a connection whose last request ends now would be kept alive for its client.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
        const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS)
        server.close(() => {
          clearInterval(sweep)
          clearTimeout(grace)
          resolve()
        })
      }),
  }
}
