import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Credentials } from '../../access/authenticate.ts'
import {
  actorOf,
  administeredSite,
  authorise,
  type Caller,
  type Need,
  requireInstallation,
  requireOfPerson,
} from '../../access/authorise.ts'
import { isControlToken } from '../../access/control-file.ts'
import type { PersonPermission } from '../../access/people/roles.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { Service } from '../../tenants/service.ts'
import type { NativeParts } from './parts.ts'

/**
 * Who may call a route: whoever has the needed permission in the service of its path, an administrator of sites, or
 * anybody `signed-in`, who is then answered what concerns them. `installation`: whoever administers all sites.
 */
type Access = Need | 'site-admin' | 'installation' | 'operator' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** What a person needs in addition; decided before a body is read. */
    ofPerson?: PersonPermission | ((request: FastifyRequest) => PersonPermission | undefined)
    /** Whether a person must have entered their password again recently. */
    confirmed?: true | ((request: FastifyRequest) => boolean)
  }
  interface FastifyRequest {
    caller: Caller
    /** The service of the path; only on routes below a service. */
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

async function identify(request: FastifyRequest, parts: NativeParts): Promise<Caller> {
  const { headers, raw } = request
  const credentials = readAuthorization(headers.authorization)
  if (!credentials) {
    const session = isFromConsole(request) ? await parts.people.findSession(headers) : undefined
    if (session) return { kind: 'person', session }
    throw new DomainError(
      'unauthenticated',
      'send Authorization: Bearer KEY, or HTTP Basic with name and key',
    )
  }
  const isOperator = credentials.name === undefined && isControlToken(parts.controlToken, credentials.key)
  if (isOperator) return { kind: 'operator' }
  const clientAddress = parts.clientAddress(raw)
  return { kind: 'api-user', user: await parts.authenticate({ ...credentials, clientAddress }) }
}

async function admit(request: FastifyRequest, parts: NativeParts): Promise<void> {
  const { access, ofPerson, confirmed } = request.routeOptions.config
  const { caller } = request
  const needed = typeof ofPerson === 'function' ? ofPerson(request) : ofPerson
  if (needed) requireOfPerson(caller, needed)
  if (access === 'site-admin') {
    administeredSite(caller)
  } else if (access === 'installation') {
    requireInstallation(caller)
  } else if (access === 'operator') {
    if (caller.kind !== 'operator') throw new DomainError('forbidden', 'only the operator may do this')
  } else if (access !== 'signed-in') {
    const { service: id = '' } = request.params as { service?: string }
    request.service = await parts.findService(readId(id))
    authorise(caller, request.service, access as Need)
  }
  const mustConfirm = typeof confirmed === 'function' ? confirmed(request) : confirmed
  if (mustConfirm) requireConfirmation(caller, parts.now())
}

const SAFE = new Set(['GET', 'HEAD'])

/**
 * Whether a person's cookie alone is enough for a request: a page of another origin could make a browser send it along
 * with a change. A page cannot set Sec-Fetch-Site and Origin.
 */
function isFromConsole({ method, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && SAFE.has(method))
  if (SAFE.has(method)) return true
  return URL.canParse(headers.origin ?? '') && new URL(headers.origin ?? '').host === headers.host
}

/** How long a password that was entered again counts. */
const CONFIRMED_MS = 10 * 60_000

/** Requires that a person entered their password again recently. Throws DomainError `confirmation-needed`. */
export function requireConfirmation(caller: Caller, now: number): void {
  if (caller.kind !== 'person' || now - (caller.session.confirmedAt ?? 0) < CONFIRMED_MS) return
  throw new DomainError('confirmation-needed', 'enter your password again for this')
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
