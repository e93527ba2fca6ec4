import type { FastifyInstance } from 'fastify'
import type { Need } from '../../access/authorise.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { readInput } from '../../kernel/mistakes.ts'
import { decodeUtf8Body } from '../../kernel/utf8-body.ts'
import { guard, sessionOf } from './access.ts'
import { decodeAddress, decodeDay } from './decode.ts'
import { encodeErrorCount, encodeOpaque, encodeRequester, jsonWithRows } from './encode.ts'
import { answerAraraV2Error, noSuchCall } from './errors.ts'
import type { AraraV2Parts } from './parts.ts'
import {
  countsQuery,
  countsRequest,
  listQuery,
  receiverRequest,
  resumeRequest,
  tokenRequest,
} from './schemas.ts'
import { sendRoutes } from './send.ts'

const BODY_LIMIT = 64 * 1_024
/** Ten thousand addresses. */
const ADDRESSES_LIMIT = 4 * 1_024 * 1_024
const JSON_TYPE = 'application/json; charset=utf-8'

interface Scope {
  routes(scope: FastifyInstance, parts: AraraV2Parts): void
  /** What the caller needs; undefined for a call that identifies its caller itself. */
  need: Need | Readonly<Record<string, Need>> | undefined
}

/** Everything below these paths is answered in the vendor's form, unknown paths included. */
const SCOPES: Readonly<Record<string, Scope>> = {
  '/token': { routes: tokenRoutes, need: undefined },
  '/unsubscribe-receivers': { routes: receiverRoutes, need: 'edit' },
  '/re-subscribers': { routes: resumeRoutes, need: 'edit' },
  '/unsubscribers': { routes: listRoutes, need: 'view' },
  '/send': { routes: sendRoutes, need: { POST: 'send', DELETE: 'send', GET: 'view' } },
  '/errorfilter': { routes: errorCountRoutes, need: { POST: 'view', PUT: 'edit' } },
}

export const ARARA_V2_PATHS: readonly string[] = Object.keys(SCOPES)

/** arara message API v2: JSON, by API users of the service that they are for. */
export async function registerAraraV2(app: FastifyInstance, parts: AraraV2Parts): Promise<void> {
  for (const [prefix, { routes, need }] of Object.entries(SCOPES)) {
    await app.register(
      async (scope) => {
        scope.setErrorHandler(answerAraraV2Error)
        scope.setNotFoundHandler((request, reply) => answerAraraV2Error(noSuchCall(), request, reply))
        readJson(scope)
        await scope.register(async (guarded) => {
          if (need !== undefined) {
            guard(guarded, parts, ({ method }) =>
              typeof need === 'string' ? need : (need[method] ?? 'admin'),
            )
          }
          guarded.addHook('onRoute', (route) => {
            route.bodyLimit ??= BODY_LIMIT
          })
          routes(guarded, parts)
        })
      },
      { prefix },
    )
  }
}

/** Reads every body as JSON, whatever type it is declared as. */
function readJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error')
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined)
    parse(request, decodeUtf8Body(bytes), done)
  })
}

/** Anyone may call it: the name and the key are the credentials. */
function tokenRoutes(scope: FastifyInstance, parts: AraraV2Parts): void {
  scope.post('', async ({ body, raw }) => {
    const { name, key, service } = readInput(tokenRequest, body)
    const user = await parts.authenticate({ name, key, clientAddress: parts.clientAddress(raw) })
    return { token: await parts.tokens.issue(user, service), token_type: 'Bearer', expires_in: 3_600 }
  })
}

function receiverRoutes(scope: FastifyInstance, parts: AraraV2Parts): void {
  scope.post('', async (request) => {
    const { service, actor } = sessionOf(request)
    const { 'header-from': given } = readInput(receiverRequest, request.body)
    const { address } = decodeAddress(given, 'header-from')
    return { base_url: await parts.registerSender(service, address, actor) }
  })
}

function resumeRoutes(scope: FastifyInstance, parts: AraraV2Parts): void {
  scope.put('', { bodyLimit: ADDRESSES_LIMIT }, async (request, reply) => {
    const { service, actor } = sessionOf(request)
    const { 'header-from': from, 'to-addresses': to } = readInput(resumeRequest, request.body)
    const { address } = decodeAddress(from, 'header-from')
    const addresses = to.map((given, index) => decodeAddress(given, `to-addresses[${index}]`).address)
    await parts.resume(service, address, addresses, actor)
    return reply.code(204).send()
  })
}

function listRoutes(scope: FastifyInstance, parts: AraraV2Parts): void {
  const asked = (query: unknown, timeZone: string) => {
    const { 'header-from': given, date } = readInput(listQuery, query)
    const { address } = decodeAddress(given, 'header-from')
    return { given, address, day: decodeDay(date, timeZone) }
  }
  scope.get('/auto-assigned', async (request, reply) => {
    const { service } = sessionOf(request)
    const { given, address, day } = asked(request.query, service.timeZone)
    const pages = await parts.stopRequests(service, address, day)
    const encode = (row: Parameters<typeof encodeRequester>[0]) => encodeRequester(row, day.timeZone)
    return reply.type(JSON_TYPE).send(jsonWithRows({ header_from: given }, 'requesters', pages, encode))
  })
  scope.get('/opaque-part', async (request, reply) => {
    const { service } = sessionOf(request)
    const { given, address, day } = asked(request.query, service.timeZone)
    const pages = await parts.opaqueParts(service, address, day)
    const encode = (row: Parameters<typeof encodeOpaque>[0]) => encodeOpaque(row, day.timeZone)
    return reply.type(JSON_TYPE).send(jsonWithRows({ header_from: given }, 'requesters', pages, encode))
  })
}

function errorCountRoutes(scope: FastifyInstance, parts: AraraV2Parts): void {
  scope.post('', { bodyLimit: ADDRESSES_LIMIT }, async (request) => {
    const { service } = sessionOf(request)
    const { items } = readInput(countsQuery, request.body)
    const addresses = items.map(
      ({ address }, index) => decodeAddress(address, `items[${index}].address`).address,
    )
    const counts = await parts.findErrorCounts(service, addresses)
    return { items: counts.map((count) => encodeErrorCount(count, service.timeZone)) }
  })
  scope.put('', async (request, reply) => {
    const { service, actor } = sessionOf(request)
    const { items } = readInput(countsRequest, request.body)
    const counts = items.map(({ address, count }, index) => ({
      recipient: decodeAddress(address, `items[${index}].address`),
      count,
    }))
    const keys = counts.map(({ recipient }) => recipient.key)
    const again = keys.findIndex((key, index) => keys.indexOf(key) < index)
    if (again !== -1) {
      throw new DomainError('invalid-value', 'stands there twice', { field: `items[${again}].address` })
    }
    await parts.setErrorCounts(service, counts, actor)
    return reply.code(204).send()
  })
}
