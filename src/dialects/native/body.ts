import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { DomainError } from '../../kernel/domain-error.ts'
import { readInput } from '../../kernel/mistakes.ts'

const nothing = z.strictObject({})

/**
 * Reads JSON bodies. What is not UTF-8 is refused: an address that was mended would be somebody else's. A call that
 * takes no body gets along with an empty one, since clients name a Content-Type by habit.
 */
export function readJsonBodies(api: FastifyInstance): void {
  const parse = api.getDefaultJsonParser('error', 'error')
  api.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0 && !takesBody(request)) return done(null)
    parse(request, decodeUtf8(bytes), done)
  })
  api.addHook('preValidation', async (request) => {
    if (request.body !== undefined && !takesBody(request)) readInput(nothing, request.body)
  })
}

function takesBody({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.schema?.body !== undefined
}

/** Throws DomainError `malformed-body` for what is not UTF-8. */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new DomainError('malformed-body', 'the body is not UTF-8', { cause })
  }
}
