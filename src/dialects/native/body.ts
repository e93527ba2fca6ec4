import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readInput } from '../../kernel/mistakes.ts'
import { decodeUtf8Body } from '../../kernel/utf8-body.ts'

const nothing = z.strictObject({})

/**
 * Reads JSON bodies, in UTF-8 alone. A call that takes no body accepts an empty one, since clients send a Content-Type
 * by habit.
 */
export function readJsonBodies(api: FastifyInstance): void {
  const parse = api.getDefaultJsonParser('error', 'error')
  api.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0 && !takesBody(request)) return done(null)
    parse(request, decodeUtf8Body(bytes), done)
  })
  api.addHook('preValidation', async (request) => {
    if (request.body !== undefined && !takesBody(request)) readInput(nothing, request.body)
  })
}

function takesBody({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.schema?.body !== undefined
}
