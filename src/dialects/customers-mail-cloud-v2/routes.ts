import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actorOf, administeredSite, authorise, isGranted } from '../../access/authorise.ts'
import { pickLanguage } from '../../kernel/texts.ts'
import type { Service } from '../../tenants/service.ts'
import { AUDITLOGS } from './auditlogs.ts'
import { BLOCKS } from './blocks.ts'
import { readBodies } from './body.ts'
import { decodeRequired, decodeText, type Params } from './decode.ts'
import { type Answer, type Format, sendAnswer, sendRefusal } from './encode.ts'
import { Refused, refused, statusOf, toRefused } from './errors.ts'
import { MAILS } from './mails.ts'
import type { Call, Operation } from './operation.ts'
import type { CustomersMailCloudParts } from './parts.ts'
import { STATISTICS } from './statistics.ts'
import { UNSUBSCRIBES } from './unsubscribes.ts'

/** What the paths of this interface begin with. */
export const CUSTOMERS_MAIL_CLOUD_PATHS = ['/transaction/v2']

const OPERATIONS = { ...UNSUBSCRIBES, ...BLOCKS, ...MAILS, ...STATISTICS, ...AUDITLOGS }
const RETRY_AFTER_SECONDS = '5'
/** For a user without a zone in a site without a service: the default zone of services. */
const DEFAULT_TIME_ZONE = 'Asia/Tokyo'

/** `POST /transaction/v2/{resource}/{action}.{json|xml}`, as clients of Customers Mail Cloud call it. */
export async function registerCustomersMailCloud(
  app: FastifyInstance,
  parts: CustomersMailCloudParts,
): Promise<void> {
  await app.register(
    async (scope) => {
      readBodies(scope)
      scope.setErrorHandler(answerCustomersMailCloudError)
      scope.setNotFoundHandler((request, reply) =>
        answerCustomersMailCloudError(refused('90-002'), request, reply),
      )
      const others = scope.supportedMethods.filter((method) => method !== 'POST')
      for (const [path, operation] of Object.entries(OPERATIONS)) {
        for (const format of ['json', 'xml'] as const) {
          const url = `/${path}.${format}`
          scope.post(url, async (request, reply) =>
            sendAnswer(reply, await perform(operation, request, parts), format),
          )
          // Refused before a body is read, in whatever form it is.
          const refuse = async () => {
            throw refused('90-003')
          }
          scope.route({ method: others, url, onRequest: refuse, handler: refuse })
        }
      }
    },
    { prefix: '/transaction/v2' },
  )
}

/** Answers in the form that the path asks for; what is our own failure is logged. */
export function answerCustomersMailCloudError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = toRefused(error)
  const status = statusOf(refusal)
  if (status >= 500) request.log.error({ err: error }, 'a request failed')
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
  if (status === 405) reply.header('allow', 'POST')
  return sendRefusal(reply, refusal, {
    format: formatOf(request.url),
    language: pickLanguage(request.headers['accept-language']),
  })
}

function formatOf(url: string): Format {
  return url.replace(/\?.*$/s, '').endsWith('.xml') ? 'xml' : 'json'
}

async function perform(
  operation: Operation,
  request: FastifyRequest,
  parts: CustomersMailCloudParts,
): Promise<Answer> {
  const params = (request.body ?? {}) as Params
  const call = await identify(params, request, parts)
  const services = await parts.findServices(call.user.siteId)
  const caller = { kind: 'api-user', user: call.user } as const
  const inZone = (service: Service) => ({ ...service, timeZone: call.user.timeZone ?? service.timeZone })
  if (operation.scope === 'site') {
    administeredSite(caller)
    const timeZone = call.user.timeZone ?? services[0]?.timeZone ?? DEFAULT_TIME_ZONE
    return operation.run({ ...call, timeZone })
  }
  if (operation.scope === 'composition') {
    const service = named(services, decodeRequired(params, 'server_composition'))
    authorise(caller, service, operation.access)
    return operation.run({ ...call, service: inZone(service) })
  }
  const name = decodeText(params, 'server_composition')
  const meant =
    name === undefined ? services.filter((each) => isGranted(caller, each)) : [named(services, name)]
  for (const service of meant) authorise(caller, service, operation.access)
  return operation.run({ ...call, services: meant })
}

/** Throws Refused 10-002 for a composition that the site does not have, though another one may. */
function named(services: readonly Service[], name: string): Service {
  const service = services.find((each) => each.name === name)
  if (service) return service
  throw new Refused({ code: '10-002', field: 'server_composition', value: name })
}

/** Missing credentials count as wrong ones. */
async function identify(
  params: Params,
  request: FastifyRequest,
  parts: CustomersMailCloudParts,
): Promise<Call> {
  const [name, key] = [textOf(params['api_user']), textOf(params['api_key'])]
  const clientAddress = parts.clientAddress(request.raw)
  const user = await parts.authenticate({ name, key, clientAddress })
  return {
    parts,
    params,
    user,
    actor: actorOf({ kind: 'api-user', user }),
    language: pickLanguage(request.headers['accept-language']),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
