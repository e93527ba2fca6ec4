import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { DomainError } from '../../kernel/domain-error.ts'
import { readInput } from '../../kernel/mistakes.ts'
import { guardRoutes } from './access.ts'
import { apiUserRoutes } from './api-users.ts'
import { auditRoutes } from './audit.ts'
import { readJsonBodies } from './body.ts'
import { checkRoutes } from './check.ts'
import { deliveryRoutes } from './deliveries.ts'
import { registerDocs } from './docs.ts'
import { erasureRoutes } from './erasures.ts'
import { errorCountRoutes } from './error-counts.ts'
import { toProblem } from './errors.ts'
import { exportRoutes } from './exports.ts'
import { filterTrialRoutes } from './filter-trial.ts'
import { filterRoutes } from './filters.ts'
import { formRoutes } from './forms.ts'
import { headerRoutes } from './headers.ts'
import { importRoutes } from './imports.ts'
import { inboundRoutes, nobodysInboundRoutes } from './inbound.ts'
import { meRoutes } from './me.ts'
import { overviewRoutes } from './overview.ts'
import type { NativeParts } from './parts.ts'
import { peopleRoutes } from './people.ts'
import { provisionRoutes } from './provision.ts'
import { reportRoutes } from './reports.ts'
import type { Api } from './schemas.ts'
import { senderDnsRoutes } from './sender-dns.ts'
import { senderRoutes } from './senders.ts'
import { servicePageRoutes } from './service-pages.ts'
import { serviceRelayRoutes } from './service-relay.ts'
import { serviceRoutes } from './services.ts'
import { subscriberRoutes } from './subscribers.ts'
import { suppressionRoutes } from './suppressions.ts'
import { unverifiedRoutes } from './unverified.ts'

const BODY_LIMIT = 64 * 1_024
const RETRY_AFTER_SECONDS = 5

/**
 * The native interface under `/api/v1`, with its description at `/api/v1/openapi.json` and `/api/v1/docs`. Routes
 * registered by `further` share its guard and its errors.
 */
export async function registerNativeApi(
  app: FastifyInstance,
  parts: NativeParts,
  further: (api: Api) => void = () => {},
): Promise<void> {
  await app.register(
    async (root) => {
      answerProblems(root)
      await registerDocs(root)
      await root.register(async (child) => {
        const api: Api = child.withTypeProvider<ZodTypeProvider>()
        readStrictly(api)
        guardRoutes(child, parts)
        for (const routes of [...ROUTES, further]) await api.register(async (group) => routes(group, parts))
      })
    },
    { prefix: '/api/v1' },
  )
}

/** Each group is a scope of its own: body types that one reads besides JSON are not read by the others. */
const ROUTES: readonly ((api: Api, parts: NativeParts) => void)[] = [
  serviceRoutes,
  servicePageRoutes,
  serviceRelayRoutes,
  senderRoutes,
  senderDnsRoutes,
  filterRoutes,
  filterTrialRoutes,
  headerRoutes,
  checkRoutes,
  deliveryRoutes,
  reportRoutes,
  suppressionRoutes,
  errorCountRoutes,
  overviewRoutes,
  subscriberRoutes,
  formRoutes,
  inboundRoutes,
  nobodysInboundRoutes,
  unverifiedRoutes,
  importRoutes,
  exportRoutes,
  erasureRoutes,
  auditRoutes,
  peopleRoutes,
  apiUserRoutes,
  meRoutes,
  provisionRoutes,
]

/** Answers a problem document; what is our own failure is logged. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error, request.routeOptions.schema?.consumes)
  if (problem.status >= 500) request.log.error({ err: error }, 'a request failed')
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer, Basic realm="Kaijo", charset="UTF-8"')
  return reply.code(problem.status).type('application/problem+json').send(problem)
}

function answerProblems(root: FastifyInstance): void {
  root.setErrorHandler(answerProblem)
  root.setNotFoundHandler((request, reply) =>
    answerProblem(new DomainError('not-found', 'no call has this method and path'), request, reply),
  )
}

/** Fields and parameters that no schema names are mistakes, and all mistakes are told at once. */
function readStrictly(api: Api): void {
  api.removeContentTypeParser('text/plain')
  readJsonBodies(api)
  api.addHook('onRoute', (route) => {
    route.bodyLimit ??= BODY_LIMIT
    route.schema = { querystring: z.strictObject({}), ...route.schema }
  })
  api.setSerializerCompiler(serializerCompiler)
  api.setValidatorCompiler<z.ZodType>(({ schema }) => (input) => {
    // A streamed body is read, and checked, line by line.
    if (input instanceof Readable) return { value: input }
    try {
      return { value: readInput(schema, input) }
    } catch (error) {
      return { error: error as Error }
    }
  })
}
