import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { administeredSite } from '../../access/authorise.ts'
import { type Person, revisionOfPerson } from '../../access/people/person.ts'
import { PERSON_PERMISSIONS, PERSON_ROLES } from '../../access/people/roles.ts'
import { actor } from './access.ts'
import { encodeTimeOrNull } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, line, moment, page, problems, revision } from './schemas.ts'

const TAGS = ['people']

export const personView = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(PERSON_ROLES),
  permissions: z.array(z.enum(PERSON_PERMISSIONS)).describe('granted besides what the role brings'),
  siteId: z.int().nullable().describe('null is every site of the installation'),
  services: z.array(z.string()).describe('names; none means all of the site'),
  hasSecondFactor: z.boolean(),
  lockedUntil: moment.nullable(),
  disabledAt: moment.nullable(),
  signedInAt: moment.nullable(),
  revision,
})

const grants = {
  name: line(100).min(1),
  role: z.enum(PERSON_ROLES),
  permissions: z.array(z.enum(PERSON_PERMISSIONS)).max(PERSON_PERMISSIONS.length),
  siteId: z.int().min(1).nullable(),
  services: z.array(line(100)).max(1_000),
}

const personRequest = z.strictObject({
  ...grants,
  email: line(254),
  permissions: grants.permissions.default([]),
  services: grants.services.default([]),
})

const personChange = z.strictObject({ ...grants, disabled: z.boolean(), revision }).partial()

const ofPerson = z.object({ id: z.uuid() })

const invited = z.object({
  person: personView,
  setPasswordUrl: z.string().describe('to be handed to the person: valid for three days, and once'),
})

export function encodePerson(person: Person) {
  return {
    ...person,
    lockedUntil: encodeTimeOrNull(person.lockedUntil),
    disabledAt: encodeTimeOrNull(person.disabledAt),
    signedInAt: encodeTimeOrNull(person.signedInAt),
    revision: revisionOfPerson(person),
  }
}

/** People of the console, for whoever administers a site. */
export function peopleRoutes(api: Api, { people }: NativeParts): void {
  const site = ({ caller }: FastifyRequest) => administeredSite(caller)

  api.get(
    '/people',
    {
      config: { access: 'site-admin' },
      schema: { tags: TAGS, summary: 'List people', response: { 200: page(personView), ...problems } },
    },
    async (request) => ({ items: (await people.find(site(request))).map(encodePerson), next: null }),
  )

  api.post(
    '/people',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Enter a person, who gets a link to set a password',
        body: personRequest,
        response: { 201: invited, ...problems },
      },
    },
    async (request, reply) => {
      const { person, setPasswordUrl } = await people.create(site(request), request.body, actor(request))
      return reply.code(201).send({ person: encodePerson(person), setPasswordUrl })
    },
  )

  api.patch(
    '/people/:id',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Change what is given; whoever may do something else from then on signs in anew',
        params: ofPerson,
        body: personChange,
        response: { 200: personView, ...problems },
      },
    },
    async (request) =>
      encodePerson(await people.update(site(request), request.params.id, request.body, actor(request))),
  )

  api.post(
    '/people/:id/unlock',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: TAGS,
        summary: 'Let someone try again who is locked after wrong passwords',
        params: ofPerson,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      await people.unlock(site(request), request.params.id, actor(request))
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/people/:id/reset',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Give a fresh link to someone who lost their password or second factor',
        params: ofPerson,
        response: { 200: invited, ...problems },
      },
    },
    async (request) => {
      const { person, setPasswordUrl } = await people.reset(site(request), request.params.id, actor(request))
      return { person: encodePerson(person), setPasswordUrl }
    },
  )
}
