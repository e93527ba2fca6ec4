import type { RequestListener } from 'node:http'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { answerProblem } from '../../dialects/native/routes.ts'
import type { Logger } from '../../kernel/log.ts'
import { type HealthParts, registerHealth } from './health.ts'
import { type Certificate, createServer } from './server.ts'

export interface HttpAppParts {
  log: Logger
  certificate: Certificate | undefined
  /** Puts the public endpoint in front: it matches the raw request target, before any routing or decoding. */
  withPublicEndpoint(otherwise: RequestListener): RequestListener
  health: HealthParts
  /** The interfaces that this listener serves, each a plugin. */
  interfaces: readonly ((app: FastifyInstance) => Promise<void>)[]
}

/** The main listener's application. It answers `inject` without listening, which is how the CLI works without a server. */
export async function createHttpApp(parts: HttpAppParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify<RawServerDefault>({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: refusePath,
    serverFactory: (handler) =>
      createServer(parts.withPublicEndpoint(handler as RequestListener), parts.certificate),
  })
  // The route's pattern, never the URL itself: a query may hold an address.
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const { statusCode: status, elapsedTime } = reply
    request.log.debug({ method, route: routeOptions.url, status, ms: Math.round(elapsedTime) }, 'answered')
  })
  registerHealth(app, parts.health)
  for (const register of parts.interfaces) await register(app)
  await app.ready()
  return app
}

/** Answers a path that no interface gets to see. Fastify's own answer would repeat it, and it may hold an address. */
function refusePath(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.url.startsWith('/api/v1/')) return answerProblem(error, request, reply)
  return reply.code(error.statusCode ?? 400).send()
}
