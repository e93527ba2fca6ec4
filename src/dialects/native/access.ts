import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Credentials } from '../../access/authenticate.ts'
import { actorOf, administeredSite, authorise, type Caller, type Need } from '../../access/authorise.ts'
import { isControlToken } from '../../access/control-file.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Service } from '../../tenants/service.ts'
import type { NativeParts } from './parts.ts'

/**
 * Who may call a route: whoever has what is needed in the service of its path, someone above all services, or whoever
 * is `signed-in`, who is answered what concerns them.
 */
type Access = Need | 'site-admin' | 'operator' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    caller: Caller
    /** The service of the path; only on routes below one. */
    service: Service
  }
}

/**
 * Signs every caller in and checks its right to the route, before a body is read. A route that does not declare its
 * access is refused when it is registered: forgetting it must not open it.
 */
export function guardRoutes(api: FastifyInstance, parts: NativeParts): void {
  api.addHook('onRoute', ({ config, method, url }) => {
    if (!config?.access) throw new Error(`${method} ${url} does not declare its access`)
  })
  api.decorateRequest('caller')
  api.decorateRequest('service')
  api.addHook('onRequest', async (request) => {
    request.caller = await identify(request, parts)
    await admit(request, parts)
  })
}

/** How the record names the caller of a request. */
export function actor(request: FastifyRequest): string {
  return actorOf(request.caller)
}

async function identify({ headers }: FastifyRequest, parts: NativeParts): Promise<Caller> {
  const credentials = readAuthorization(headers.authorization)
  if (!credentials) {
    throw new DomainError(
      'unauthenticated',
      'send Authorization: Bearer KEY, or HTTP Basic with name and key',
    )
  }
  const isOperator = credentials.name === undefined && isControlToken(parts.controlToken, credentials.key)
  return isOperator ? { kind: 'operator' } : { kind: 'api-user', user: await parts.authenticate(credentials) }
}

async function admit(request: FastifyRequest, parts: NativeParts): Promise<void> {
  const { access } = request.routeOptions.config
  const { caller } = request
  if (access === 'site-admin') {
    administeredSite(caller)
  } else if (access === 'operator') {
    if (caller.kind !== 'operator') throw new DomainError('forbidden', 'only the operator may do this')
  } else if (access !== 'signed-in') {
    const { service: id = '' } = request.params as { service?: string }
    request.service = await parts.findService(readId(id))
    authorise(caller, request.service, access as Need)
  }
}

function readId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new DomainError('unknown-service', 'a service is named by its number', { field: 'service' })
}

/** RFC 6750 §2.1 and RFC 7617 §2. */
function readAuthorization(header = ''): Credentials | undefined {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S.*)$/i.exec(header) ?? []
  if (scheme.toLowerCase() === 'bearer') return { key: value.trim() }
  if (scheme.toLowerCase() !== 'basic') return undefined
  const [, name, key] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? []
  return name === undefined || key === undefined ? undefined : { name, key }
}
