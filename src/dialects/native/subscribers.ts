import { Readable } from 'node:stream'
import { z } from 'zod'
import { isGranted } from '../../access/authorise.ts'
import { describeReject, REJECT_CODES } from '../../imports/reading/reject-reasons.ts'
import { subscriberData } from '../../subscribers/subscriber.ts'
import { actor } from './access.ts'
import { agreement, encodeAgreement } from './agreement.ts'
import { encodePage, encodeSubscriber, encodeTimeOrNull } from './encode.ts'
import { BODY_LIMIT, MEDIA_TYPES, reasonLanguage } from './imports.ts'
import type { NativeParts } from './parts.ts'
import {
  type Api,
  address,
  inService,
  line,
  moment,
  page,
  paging,
  problems,
  revision,
  text,
} from './schemas.ts'

const TAGS = ['subscribers']

const membership = z.enum(['joined', 'left'])

const who = z.strictObject({ address })

const search = z.strictObject({
  contains: text(254).min(1).optional().describe('a part of the address, case aside'),
  userId: text(255).min(1).optional(),
  membership: membership.optional(),
})

const subscriber = z.object({
  address: z.string(),
  userIds: z.array(z.string()).describe('what the customer calls them'),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  membership,
  since: moment.describe('of the membership'),
  via: z.string().describe('how the membership came: api, cli, console, form, blank-mail or import'),
  createdAt: moment,
  updatedAt: moment,
  revision: revision.describe('of user ids and attributes'),
})

const ofService = z.object({
  service: z.object({ id: z.int(), name: z.string() }),
  membership: membership.nullable().describe('null for who neither joined nor left it'),
  since: moment.nullable(),
})

const imported = z.object({
  sha256: z.string(),
  encoding: z.string(),
  rows: z.int().describe('data rows of the file'),
  imported: z.int(),
  erased: z.int().describe('rows of people who were erased, which are left out'),
  rejects: z
    .array(z.object({ row: z.int(), text: z.string(), code: z.enum(REJECT_CODES), reason: z.string() }))
    .describe('rows that are no subscribers; the first row of the file is 1'),
})

const lifted = z.int().describe("from so many of the service's lists they were taken off")

/** Addresses never stand in a path: each call names its subscriber in the body. */
export function subscriberRoutes(api: Api, { subscribers }: NativeParts): void {
  for (const type of MEDIA_TYPES) {
    api.addContentTypeParser(type, (_request, stream, done) => done(null, stream))
  }

  api.post(
    '/services/:service/subscribers',
    {
      config: { access: 'edit', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Register a subscriber, who joins the service',
        description:
          "Takes them off the lists of the service's senders and filters, whether they are new or registered anew; never off" +
          ' hard-bounces, complaints or the blocklist. What is not given of a subscriber who is known stays as it is.',
        params: inService,
        body: who.extend(subscriberData.shape),
        response: {
          200: subscriber.extend({ created: z.boolean(), lifted }),
          201: subscriber.extend({ created: z.boolean(), lifted }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { address, ...data } = request.body
      const { created, lifted, ...found } = await subscribers.register(
        request.service,
        address,
        data,
        actor(request),
      )
      return reply.code(created ? 201 : 200).send({ ...encodeSubscriber(found), created, lifted })
    },
  )

  api.post(
    '/services/:service/subscribers/edit',
    {
      config: { access: 'edit', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Change a subscriber, or let them join or leave the service',
        description: 'Joining takes them off lists as a registration does; leaving puts them on none.',
        params: inService,
        body: who.extend({
          ...subscriberData.shape,
          membership: membership.optional(),
          revision: revision.optional(),
        }),
        response: { 200: subscriber.extend({ lifted }), ...problems },
      },
    },
    async (request) => {
      const { address, ...change } = request.body
      const { lifted, ...found } = await subscribers.edit(request.service, address, change, actor(request))
      return { ...encodeSubscriber(found), lifted }
    },
  )

  api.post(
    '/services/:service/subscribers/search',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Find who joined the service and who left it, by address',
        params: inService,
        querystring: paging,
        body: search,
        response: { 200: page(subscriber), ...problems },
      },
    },
    async ({ service, body, query }) =>
      encodePage(await subscribers.search(service, body, query), encodeSubscriber),
  )

  api.post(
    '/services/:service/subscribers/read',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show one subscriber, with what they agreed to by registration forms',
        params: inService,
        body: who,
        response: { 200: subscriber.extend({ agreements: z.array(agreement) }), ...problems },
      },
    },
    async ({ service, body }) => {
      const { agreements, ...found } = await subscribers.read(service, body.address)
      return { ...encodeSubscriber(found), agreements: agreements.map(encodeAgreement) }
    },
  )

  api.post(
    '/services/:service/subscribers/memberships',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell which services of the site a person joined or left, of those that the caller may use',
        params: inService,
        body: who,
        response: { 200: z.object({ items: z.array(ofService) }), ...problems },
      },
    },
    async ({ service, body, caller }) => {
      const found = await subscribers.memberships(service, body.address)
      const seen = found.filter((item) => isGranted(caller, item.service))
      const items = seen.map(({ service: { id, name }, membership, since }) => ({
        service: { id, name },
        membership,
        since: encodeTimeOrNull(since),
      }))
      return { items }
    },
  )

  api.post(
    '/services/:service/subscribers/delete',
    {
      config: { access: 'edit', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Delete a subscriber from the service; who is on a list stays there',
        params: inService,
        body: who,
        response: { 204: z.undefined(), ...problems },
      },
    },
    async (request, reply) => {
      await subscribers.remove(request.service, request.body.address, actor(request))
      return reply.code(204).send()
    },
  )

  api.post(
    '/services/:service/subscribers/import',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Register the subscribers of a file, taking nobody off any list',
        description:
          'CSV with quotes or without, in UTF-8 or Shift_JIS, of at most 100,000 data rows of 4,096 bytes. A header names a column' +
          ' メールアドレス or email; columns user_id and attributes are taken by their names. Without a header the first column is the address.',
        consumes: MEDIA_TYPES,
        params: inService,
        querystring: z.strictObject({
          membership: membership.default('joined'),
          encoding: line(40).optional().describe('overrides what is found: a label of the Encoding Standard'),
          language: reasonLanguage,
        }),
        body: z.custom<Readable>((body) => body instanceof Readable, 'must be the file itself'),
        response: { 200: imported, ...problems },
      },
    },
    async (request) => {
      const { service, body } = request
      const { language, ...query } = request.query
      const { rejects, ...done } = await subscribers.import(service, body, query, actor(request))
      return {
        ...done,
        rejects: rejects.map(({ number, text, reason }) => ({
          row: number,
          text,
          code: reason[0],
          reason: describeReject(reason, language),
        })),
      }
    },
  )
}
