import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../kernel/domain-error.ts'
import { element, xmlDocument } from '../xml/write-xml.ts'
import { admit } from './access.ts'
import { readBodies, readRoot } from './body.ts'
import { encodeErrors } from './encode.ts'
import { type Refusal, toRefusal, WRONG_METHOD } from './errors.ts'
import { lpmailOperations } from './lpmail.ts'
import type { Operation } from './operation.ts'
import type { AraraV1Parts } from './parts.ts'
import { unsubscriberOperations } from './unsubscribers.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The root of what an error is answered in. */
    araraRoot?: 'response' | 'mail'
  }
}

/** What the paths of this interface begin with. */
export const ARARA_V1_PATHS = ['/tm']

const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** The XML interface of arara message, API v1: one path per operation, POST alone, credentials in every body. */
export async function registerAraraV1(app: FastifyInstance, parts: AraraV1Parts): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler(answerAraraV1Error)
    readBodies(scope)
    const operations = { ...unsubscriberOperations(parts), ...lpmailOperations(parts) }
    for (const [url, operation] of Object.entries(operations)) addOperation(scope, parts, url, operation)
    scope.all('/tm', refusePath)
    scope.all('/tm/*', refusePath)
  })
}

function addOperation(scope: FastifyInstance, parts: AraraV1Parts, url: string, operation: Operation): void {
  const { root: name, need, bodyLimit } = operation
  const config = { araraRoot: name === 'mail' ? ('mail' as const) : ('response' as const) }
  scope.post(url, { bodyLimit, config }, async (request, reply) => {
    const root = await readRoot(request.body, name)
    const signedIn = await admit(parts, request, root, need)
    const document = await operation.answer({ root, signedIn, request, reply })
    return send(reply, reply.statusCode, document)
  })
  scope.route({
    method: [...OTHER_METHODS],
    url,
    config,
    onRequest: async (request, reply) => refuse(request, reply.header('allow', 'POST'), WRONG_METHOD),
    handler: async () => {},
  })
}

/** Answers an error in the vendor's form; what is our own failure is logged. */
export function answerAraraV1Error(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = toRefusal(error)
  if (refusal.status >= 500) {
    request.log.error({ err: error }, 'a request failed')
    reply.header('retry-after', '5')
  }
  return refuse(request, reply, refusal)
}

function refusePath(): never {
  throw new DomainError('not-found', 'no call has this path')
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const root = request.routeOptions.config?.araraRoot ?? 'response'
  return send(reply, refusal.status, xmlDocument(element(root, encodeErrors(refusal))))
}

function send(reply: FastifyReply, status: number, document: string): FastifyReply {
  return reply.code(status).type('text/xml; charset=UTF-8').send(document)
}
