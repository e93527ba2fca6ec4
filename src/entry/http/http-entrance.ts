import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Config } from '../../config/to-config.ts'
import { createFormEndpoint, type FormEndpointParts } from './form-endpoint.ts'
import { createHttpApp, type HttpAppParts } from './http-app.ts'
import { createJoinEndpoint, type JoinEndpointParts } from './join-endpoint.ts'
import { createLogoEndpoint, type LogoEndpointParts } from './logo-endpoint.ts'
import { createPublicEndpoint, type PublicEndpointParts } from './public-endpoint.ts'
import { createServer, type HttpListener, listen, readCertificate } from './server.ts'

export interface HttpEntranceParts extends Pick<HttpAppParts, 'log' | 'health' | 'interfaces'> {
  config: Pick<Config, 'httpListen' | 'publicListen' | 'tls'>
  publicEndpoint: PublicEndpointParts
  joinEndpoint: JoinEndpointParts
  formEndpoint: FormEndpointParts
  logoEndpoint: LogoEndpointParts
}

export interface HttpEntrance {
  /** Opens the main listener, and the public one when it is configured. Answers where the main one is. */
  open(): Promise<string>
  /** Opens a listener on loopback for the operator's commands. Answers where it is. */
  openControl(): Promise<string>
  /** Takes no new request and lets those under way end. */
  close(): Promise<void>
}

/** Everything that comes by HTTP: the public endpoint first, then the interfaces. */
export async function createHttpEntrance(parts: HttpEntranceParts): Promise<HttpEntrance> {
  const { config } = parts
  const certificate = config.tls && (await readCertificate(config.tls))
  const endpoints = [
    createPublicEndpoint(parts.publicEndpoint),
    createJoinEndpoint(parts.joinEndpoint),
    createFormEndpoint(parts.formEndpoint),
    createLogoEndpoint(parts.logoEndpoint),
  ]
  const withPublicEndpoint =
    (otherwise: RequestListener): RequestListener =>
    (request, response) => {
      if (!endpoints.some((endpoint) => endpoint(request, response))) otherwise(request, response)
    }
  const app = await createHttpApp({ ...parts, certificate, withPublicEndpoint })
  const listeners: HttpListener[] = []
  const opened = async (listener: Promise<HttpListener>) => {
    const { url, close } = await listener
    listeners.push({ url, close })
    return url
  }
  return {
    open: async () => {
      if (config.publicListen) {
        await opened(listen(createServer(withPublicEndpoint(notFound), certificate), config.publicListen))
      }
      return opened(listen(app.server, config.httpListen))
    },
    openControl: () => {
      const server = createServer((request, response) => app.routing(request, response), undefined)
      return opened(listen(server, { host: '127.0.0.1', port: 0 }))
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()))
      await app.close()
    },
  }
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n')
}
