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
import type { Logger } from '../../kernel/log.ts'
import { refuseCutOffBodies } from './cut-off-bodies.ts'
import { type HealthParts, registerHealth } from './health.ts'
import { type Certificate, createServer } from './server.ts'
import { endSlowBodies } from './slow-bodies.ts'

/** One interface over HTTP: a dialect, with everything below its paths. */
export interface HttpInterface {
  /** What its paths begin with, e.g. `/api/v1`. No other interface has any of them. */
  paths: readonly string[]
  /** Registers its routes, with an answer in its own form for calls below its paths that do not exist. */
  register(app: FastifyInstance): Promise<void>
  /** How long a request may take to arrive, where bodies are read whole; unlimited where they are streamed. */
  slowestBodyMs?: number
  /** Answers an error in its own form, also one that comes before any routing. */
  answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply
}

export interface HttpAppParts {
  log: Logger
  certificate: Certificate | undefined
  /** Puts the public endpoint in front: it matches the raw request target, before any routing or decoding. */
  withPublicEndpoint(otherwise: RequestListener): RequestListener
  health: HealthParts
  /** The interfaces that this listener serves. */
  interfaces: readonly HttpInterface[]
}

/** The main listener's application. It answers `inject` without listening, which is how the CLI works without a server. */
export async function createHttpApp(parts: HttpAppParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify<RawServerDefault>({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    schemaController: { compilersFactory: { buildValidator: none, buildSerializer: none } },
    // Malformed requests are handled at the server, which answers in the form of the interface that they are for.
    clientErrorHandler: () => {},
    frameworkErrors: (error, request, reply) => refusePath(parts.interfaces, error, request, reply),
    serverFactory: (handler) =>
      createServer(parts.withPublicEndpoint(handler as RequestListener), parts.certificate),
  })
  // The route's pattern, never the URL itself: a query may hold an address.
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const { statusCode: status, elapsedTime } = reply
    request.log.debug({ method, route: routeOptions.url, status, ms: Math.round(elapsedTime) }, 'answered')
  })
  refuseCutOffBodies(app)
  registerHealth(app, parts.health)
  for (const { register, slowestBodyMs } of parts.interfaces) {
    await app.register(async (scope) => {
      if (slowestBodyMs !== undefined) endSlowBodies(scope, slowestBodyMs)
      await register(scope)
    })
  }
  await app.ready()
  return app
}

/** In place of the framework's own schema compiler, which takes long to load and which no interface uses. */
function none(): () => never {
  return () => {
    throw new Error('an interface whose routes have schemas says how they are applied')
  }
}

/**
 * Answers a path that cannot be read, for the interface whose path it would be. Fastify's own answer would repeat it, and
 * it may hold an address.
 */
function refusePath(
  interfaces: readonly HttpInterface[],
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = request.url.replace(/\?.*$/s, '')
  const isBelow = (place: string) => path === place || path.startsWith(`${place}/`)
  const meant = interfaces.find(({ paths }) => paths.some(isBelow))
  return meant ? meant.answerError(error, request, reply) : reply.code(error.statusCode ?? 400).send()
}
