import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiUser } from '../../access/api-user.ts'
import { actorOf, authorise, type Need } from '../../access/authorise.ts'
import { pickService } from '../../access/pick-service.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Service } from '../../tenants/service.ts'
import type { AraraV2Parts } from './parts.ts'

/** Names the service of a call for users who may use several: by name or id. */
const SERVICE_HEADER = 'x-kaijo-service'

/** Whose call this is. */
export interface Session {
  service: Service
  actor: string
}

/** Who makes a call, and in which service; known before its body is read. */
const sessions = new WeakMap<FastifyRequest, Session>()

/** Signs the caller of every route of a scope in, and checks its right there. */
export function guard(
  scope: FastifyInstance,
  parts: AraraV2Parts,
  needOf: (request: FastifyRequest) => Need,
) {
  scope.addHook('onRequest', async (request) => {
    const { user, service: bound } = await identify(request, parts)
    const header = request.headers[SERVICE_HEADER]
    const named = typeof header === 'string' ? header : bound
    const how = (example: string) =>
      `name one in the header X-Kaijo-Service or as "service" when getting a token, e.g. ${example}`
    const service = pickService(user, await parts.findServices(user), named, how)
    const caller = { kind: 'api-user', user } as const
    authorise(caller, service, needOf(request))
    sessions.set(request, { service, actor: actorOf(caller) })
  })
}

export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (!session) throw new Error('a route without a guard')
  return session
}

async function identify(
  { headers, raw }: FastifyRequest,
  parts: AraraV2Parts,
): Promise<{ user: ApiUser; service?: string | undefined }> {
  const [, credential] = /^Bearer +(\S.*?) *$/i.exec(headers.authorization ?? '') ?? []
  if (credential === undefined) {
    throw new DomainError('unauthenticated', 'send Authorization: Bearer, with a token or an API key')
  }
  const opened = await parts.tokens.open(credential)
  if (opened) return opened
  return { user: await parts.authenticate({ key: credential, clientAddress: parts.clientAddress(raw) }) }
}
