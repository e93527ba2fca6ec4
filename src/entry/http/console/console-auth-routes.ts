import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AUTH_PATH, CLIENT_ADDRESS_HEADER } from '../../../access/people/auth-library.ts'
import type { ConsoleAuth } from '../../../access/people/console-auth.ts'

export interface ConsoleAuthRouteParts {
  auth: ConsoleAuth
  clientAddress(request: FastifyRequest['raw']): string | undefined
}

const BODY_LIMIT = 16 * 1_024

/**
 * Signing in and out: requests go to the sign-in library as they come, with the client's address as we determined it.
 */
export async function consoleAuthRoutes(scope: FastifyInstance, parts: ConsoleAuthRouteParts): Promise<void> {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  )
  scope.get(`${AUTH_PATH}/options`, async () => ({ sso: parts.auth.hasSso }))
  scope.route({
    method: ['GET', 'POST'],
    url: `${AUTH_PATH}/*`,
    handler: async (request, reply) => answer(reply, await parts.auth.handle(toRequest(request, parts))),
  })
}

function toRequest(request: FastifyRequest, { clientAddress }: ConsoleAuthRouteParts): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  headers.set(CLIENT_ADDRESS_HEADER, clientAddress(request.raw) ?? '')
  const url = new URL(request.url, `${request.protocol}://${request.headers.host ?? 'localhost'}`)
  const body = request.method === 'POST' ? ((request.body as string | undefined) ?? '') : undefined
  return new Request(url, { method: request.method, headers, ...(body !== undefined && { body }) })
}

async function answer(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status)
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') reply.header(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) reply.header('set-cookie', cookies)
  return reply.header('cache-control', 'no-store').send(await response.text())
}
