import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { PersonSession } from '../../access/people/console-auth.ts'
import { PERSON_PERMISSIONS, permissionsOf } from '../../access/people/roles.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { encodeTime, encodeTimeOrNull } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { encodePerson, personView } from './people.ts'
import { type Api, moment, page, problems, text } from './schemas.ts'

const TAGS = ['people']

const me = z.object({
  person: personView,
  can: z.array(z.enum(PERSON_PERMISSIONS)).describe('by role and grants'),
  confirmedAt: moment.nullable().describe('when the password was last entered again'),
  sites: z.array(z.object({ id: z.int(), name: z.string() })),
  services: z.array(z.object({ id: z.int(), siteId: z.int(), name: z.string(), timeZone: z.string() })),
})

const session = z.object({
  id: z.string(),
  current: z.boolean(),
  clientAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: moment,
  lastUsedAt: moment.describe('to within a minute'),
  expiresAt: moment,
})

/** What a person in the console asks about themselves. */
export function meRoutes(api: Api, { people }: NativeParts): void {
  api.get(
    '/me',
    {
      config: { access: 'signed-in' },
      schema: { tags: TAGS, summary: 'Tell who is signed in', response: { 200: me, ...problems } },
    },
    async (request) => {
      const session = personOf(request)
      const { sites, services } = await people.surroundings(session)
      return {
        person: encodePerson(session.person),
        can: [...permissionsOf(session.person)],
        confirmedAt: encodeTimeOrNull(session.confirmedAt),
        sites,
        services: services.map(({ id, siteId, name, timeZone }) => ({ id, siteId, name, timeZone })),
      }
    },
  )

  api.post(
    '/me/confirm',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: TAGS,
        summary: 'Enter the password again, for what is dangerous',
        body: z.strictObject({ password: text(128) }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      await people.confirm(personOf(request), request.headers, request.body.password)
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/me/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: TAGS,
        summary: 'List where one is signed in',
        response: { 200: page(session), ...problems },
      },
    },
    async (request) => {
      const current = personOf(request)
      const sessions = await people.sessions(current)
      const items = sessions.map((found) => ({
        ...found,
        current: found.id === current.id,
        createdAt: encodeTime(found.createdAt),
        lastUsedAt: encodeTime(found.lastUsedAt),
        expiresAt: encodeTime(found.expiresAt),
      }))
      return { items, next: null }
    },
  )

  api.post(
    '/me/sessions/end',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: TAGS,
        summary: 'End one of them',
        body: z.strictObject({ id: text(100) }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      await people.endSession(personOf(request), request.body.id)
      return reply.code(204).send(null)
    },
  )
}

function personOf({ caller }: FastifyRequest): PersonSession {
  if (caller.kind === 'person') return caller.session
  throw new DomainError('forbidden', 'only people in the console have this')
}
