import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ApiUserView, PERMISSIONS, ROLES } from '../../access/api-user.ts'
import { apiUserGrants, apiUserKey, apiUserName } from '../../access/api-user-rules.ts'
import { administeredSite } from '../../access/authorise.ts'
import { actor } from './access.ts'
import { encodePage, encodeTime, encodeTimeOrNull } from './encode.ts'
import type { WithKey } from './parts/api-user-parts.ts'
import type { NativeParts } from './parts.ts'
import { type Api, moment, page, paging, problems, wholeNumber } from './schemas.ts'

const TAGS = ['administration']
const LONGEST_OVERLAP_HOURS = 30 * 24

const revision = z.string().max(100).describe('names its rights; a change that gives it is held to it')

const apiUser = z.object({
  id: z.int(),
  revision,
  siteId: z.int(),
  name: z.string(),
  role: z.enum(ROLES),
  permissions: z.array(z.enum(PERMISSIONS)).describe('of a user; a group admin may do everything'),
  services: z.array(z.string()).describe('names; none means all of the site'),
  timeZone: z.string().nullable().describe('of the interface of Customers Mail Cloud; null is the service’s'),
  createdAt: moment,
  lastUsedAt: moment.nullable().describe('to within ten minutes'),
  previousKey: z
    .object({ until: moment, lastUsedAt: moment.nullable() })
    .nullable()
    .describe('the key before, while it is still taken'),
})

const withKey = z.object({
  apiUser,
  key: z.string().nullable().describe('told this once; null where the caller brought it along'),
})

const ownKey = apiUserKey.optional().describe('one that clients have already; made here unless given')

const apiUserRequest = z.strictObject({
  siteId: z.int().min(1).optional().describe('needed by whoever administers several'),
  name: apiUserName,
  key: ownKey,
  role: apiUserGrants.role.default('user'),
  permissions: apiUserGrants.permissions.default([]),
  services: apiUserGrants.services.default([]),
  timeZone: apiUserGrants.timeZone.default(null),
})

const apiUserChange = z.strictObject({ ...apiUserGrants, revision }).partial()

const rotation = z.strictObject({
  key: ownKey,
  overlapHours: z
    .int()
    .min(0)
    .max(LONGEST_OVERLAP_HOURS)
    .default(0)
    .describe('for so long the key before is taken too; 0 ends it at once'),
})

const byId = z.object({ id: wholeNumber(z.int('must be a positive number').min(1)) })

function encode({ createdAt, lastUsedAt, previousKey, timeZone = null, ...user }: ApiUserView) {
  return {
    ...user,
    timeZone,
    createdAt: encodeTime(createdAt),
    lastUsedAt: encodeTimeOrNull(lastUsedAt),
    previousKey: previousKey && {
      until: encodeTime(previousKey.until),
      lastUsedAt: encodeTimeOrNull(previousKey.lastUsedAt),
    },
  }
}

const encodeWithKey = ({ user, key }: WithKey) => ({ apiUser: encode(user), key })

/**
 * What programs sign in with, for whoever administers a site as a whole: they have every right there that they could
 * give. Where people do it, they enter their password again.
 */
export function apiUserRoutes(api: Api, { apiUsers }: NativeParts): void {
  const site = ({ caller }: FastifyRequest) => administeredSite(caller)

  api.get(
    '/api-users',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: TAGS,
        summary: 'List API users; their keys are never shown again',
        querystring: paging,
        response: { 200: page(apiUser), ...problems },
      },
    },
    async (request) => encodePage(await apiUsers.find(site(request), request.query), encode),
  )

  api.post(
    '/api-users',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Create an API user; its key is told this once',
        body: apiUserRequest,
        response: { 201: withKey, ...problems },
      },
    },
    async (request, reply) => {
      const created = await apiUsers.create(site(request), request.body, actor(request))
      return reply.code(201).send(encodeWithKey(created))
    },
  )

  api.get(
    '/api-users/:id',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: TAGS,
        summary: 'Show an API user',
        params: byId,
        response: { 200: apiUser, ...problems },
      },
    },
    async (request) => encode(await apiUsers.findOne(site(request), request.params.id)),
  )

  api.patch(
    '/api-users/:id',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Change what is given of its rights, at once',
        params: byId,
        body: apiUserChange,
        response: { 200: apiUser, ...problems },
      },
    },
    async (request) =>
      encode(await apiUsers.update(site(request), request.params.id, request.body, actor(request))),
  )

  api.post(
    '/api-users/:id/rotate',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Give it a new key, with a time in which the one before is taken too',
        params: byId,
        body: rotation,
        response: { 200: withKey, ...problems },
      },
    },
    async (request) =>
      encodeWithKey(await apiUsers.rotate(site(request), request.params.id, request.body, actor(request))),
  )

  api.post(
    '/api-users/:id/end-previous-key',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'End the key before at once',
        params: byId,
        response: { 200: apiUser, ...problems },
      },
    },
    async (request) =>
      encode(await apiUsers.endPreviousKey(site(request), request.params.id, actor(request))),
  )

  api.delete(
    '/api-users/:id',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Revoke an API user with its keys and tokens; what it did stays on record',
        params: byId,
        response: { 204: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      await apiUsers.revoke(site(request), request.params.id, actor(request))
      return reply.code(204).send()
    },
  )
}
