import { z } from 'zod'
import { filterChange, filterRequest } from '../../tenants/filter-rules.ts'
import { actor } from './access.ts'
import { encodeFilter, encodePage } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, page, paging, problems, revision, text } from './schemas.ts'

const TAGS = ['filters']

export const filter = z.object({
  name: z.string(),
  header: z.string(),
  pattern: z.string(),
  match: z.enum(['exact', 'regex']),
  position: z.int(),
  classId: z.string(),
  baseUrl: z.string(),
  revision,
})

const order = z
  .string()
  .max(100)
  .describe(
    'names the order in which the filters of the service are tried; a move that gives it is held to it',
  )

const change = filterChange.extend({ revision: revision.optional(), order: order.optional() })

// A filter's name is free text and may change; its class_id stays and is fit for a path.
const filterInService = inService.extend({ classId: text(100) })

export function filterRoutes(api: Api, parts: NativeParts): void {
  api.post(
    '/services/:service/filters',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Create a filter with its list',
        params: inService,
        body: filterRequest,
        response: { 200: filter, ...problems },
      },
    },
    async (request) =>
      encodeFilter(parts, await parts.filters.create(request.service, request.body, actor(request))),
  )

  api.get(
    '/services/:service/filters',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'List filters in the order in which they are tried',
        params: inService,
        querystring: paging,
        response: { 200: page(filter).extend({ order }), ...problems },
      },
    },
    async ({ service, query }) => {
      const { order: now, ...found } = await parts.filters.find(service, query)
      return { ...encodePage(found, (one) => encodeFilter(parts, one)), order: now }
    },
  )

  api.patch(
    '/services/:service/filters/:classId',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Change what is given; the list stays the same one',
        params: filterInService,
        body: change,
        response: { 200: filter, ...problems },
      },
    },
    async (request) => {
      const { service, params, body } = request
      return encodeFilter(parts, await parts.filters.update(service, params.classId, body, actor(request)))
    },
  )

  api.delete(
    '/services/:service/filters/:classId',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Delete the rule; who is on its list stays known and its links work for ever',
        params: filterInService,
        querystring: z.strictObject({ revision: revision.optional() }),
        response: { 204: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      const { service, params, query } = request
      await parts.filters.remove(service, params.classId, query.revision, actor(request))
      return reply.code(204).send()
    },
  )
}
