import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Whose } from '../../inbound/kept-mails.ts'
import { actor } from './access.ts'
import { encodeKeptMail, encodePage } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, idInService, inService, line, moment, page, paging, problems } from './schemas.ts'

const TAGS = ['inbound']
const BODY_LIMIT = 26_214_400
const MEDIA_TYPES = ['message/rfc822', 'message/global', 'application/octet-stream', 'text/plain']

const OUTCOMES = [
  'hard',
  'soft',
  'sender',
  'complaint',
  'unsubscribed',
  'joined',
  'asked',
  'nothing',
  'not-understood',
] as const
const KINDS = ['bounce', 'complaint', 'unsubscribe', 'sign-up', 'other'] as const

/** All null where there is no inbound domain. */
export const inboundAddresses = z.object({
  complaints: z.string().nullable().describe('for feedback loops'),
  signUp: z.string().nullable().describe('for blank mail; null where it is switched off'),
  unsubscribe: z.string().nullable().describe('the mailto address beside the links of every service'),
})

const keptMail = z.object({
  id: z.int(),
  serviceId: z.int().nullable(),
  kind: z.enum(KINDS),
  outcome: z
    .enum(OUTCOMES)
    .describe(
      'sender: the failure blames us; asked: to confirm a blank mail; nothing: there was nothing to do',
    ),
  address: z.string().nullable().describe('whom it is about'),
  messageId: z.int().nullable().describe('the number of our message'),
  detail: z.record(z.string(), z.unknown()).describe('code, diagnostic, rule, or why it is not understood'),
  sender: z.string().nullable().describe('of the envelope; empty is the null sender'),
  recipient: z.string().nullable(),
  clientAddress: z.string().nullable(),
  receivedAt: moment,
  resolvedAt: moment.nullable(),
  resolvedBy: z.string().nullable(),
  size: z.int(),
})

const taken = z.object({
  items: z.array(
    z.object({
      kind: z.enum(KINDS),
      outcome: z
        .enum([...OUTCOMES, 'repeat', 'not-kept'])
        .describe(
          'repeat: it was told before, and carried out then; not-kept: not understood, too many came today',
        ),
    }),
  ),
})

const raw = {
  200: {
    description: 'The mail as it came, as far as it is kept: its first 2 MiB at most',
    content: { 'message/rfc822': { schema: z.string() } },
  },
  ...problems,
}

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

const filter = paging.extend({
  open: flag.optional().describe('not understood, and nobody has seen to it'),
  outcome: z.enum(OUTCOMES).optional(),
})

const content = z.custom<Buffer>(
  (body) => body instanceof Buffer && body.length > 0,
  'must be a mail (message/rfc822)',
)

const recipient = z.strictObject({
  recipient: line(320).optional().describe('of the envelope; found in the header unless given'),
})

export function inboundRoutes(api: Api, { inbound }: NativeParts): void {
  readMails(api)
  const ofService = (request: FastifyRequest) => request.service.id

  api.get(
    '/services/:service/inbound/addresses',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell the addresses to which mail for the service comes in',
        params: inService,
        response: {
          200: inboundAddresses,
          ...problems,
        },
      },
    },
    async ({ service }) => inbound.addresses(service),
  )

  api.post(
    '/services/:service/inbound',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Take in a mail that somebody else received: a bounce, a complaint or an unsubscribe',
        consumes: MEDIA_TYPES,
        params: inService,
        querystring: recipient,
        body: content,
        response: { 200: taken, ...problems },
      },
    },
    async (request) => takeMail(inbound, ofService(request), request),
  )

  keptMailRoutes(api, inbound, {
    prefix: '/services/:service/inbound',
    whose: ofService,
    access: { see: { access: 'view' }, read: { access: 'download' }, change: { access: 'edit' } },
    schema: { tags: TAGS },
    ids: idInService,
    list: { params: inService },
  })
}

/** The same for mail that came in for no service: whose it is only who looks after all sites may find out. */
export function nobodysInboundRoutes(api: Api, { inbound }: NativeParts): void {
  const access = { access: 'installation' } as const
  keptMailRoutes(api, inbound, {
    prefix: '/installation/inbound',
    whose: () => 'nobody',
    access: { see: access, read: access, change: access },
    schema: { tags: TAGS },
    ids: idInService.omit({ service: true }),
    list: {},
  })
}

/** The same for all mails, those of no service too: for the operator. */
export function allInboundRoutes(api: Api, inbound: NativeParts['inbound']): void {
  readMails(api)
  const operator = { access: 'operator' } as const
  api.post(
    '/operator/inbound',
    {
      bodyLimit: BODY_LIMIT,
      config: operator,
      schema: { hide: true, querystring: recipient, body: content },
    },
    async (request) => takeMail(inbound, 'all', request),
  )
  keptMailRoutes(api, inbound, {
    prefix: '/operator/inbound',
    whose: () => 'all',
    access: { see: operator, read: operator, change: operator },
    schema: { hide: true },
    ids: idInService.omit({ service: true }),
    list: {},
  })
}

interface Placement {
  prefix: string
  whose(request: FastifyRequest): Whose
  access: Record<'see' | 'read' | 'change', FastifyContextConfig>
  schema: { tags?: string[]; hide?: boolean }
  ids: z.ZodObject<{ id: (typeof idInService)['shape']['id'] }>
  list: { params?: z.ZodObject }
}

function keptMailRoutes(
  api: Api,
  inbound: NativeParts['inbound'],
  { prefix, whose, access, schema, ids, list }: Placement,
): void {
  const response = { 200: keptMail, ...problems }
  const summarised = (summary: string) => ({ ...schema, summary, params: ids })

  api.get(
    prefix,
    {
      config: access.see,
      schema: {
        ...schema,
        ...list,
        summary: 'List mail that came in, newest first',
        querystring: filter,
        response: { 200: page(keptMail), ...problems },
      },
    },
    async (request) => {
      const { open, outcome, ...paged } = request.query
      return encodePage(await inbound.find(whose(request), { open, outcome }, paged), encodeKeptMail)
    },
  )
  api.get(
    `${prefix}/:id`,
    { config: access.see, schema: { ...summarised('Show one with what was concluded from it'), response } },
    async (request) => encodeKeptMail(await inbound.findOne(whose(request), request.params.id)),
  )
  api.get(
    `${prefix}/:id/raw`,
    { config: access.read, schema: { ...summarised('Read one as it came'), response: raw } },
    async (request, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="mail.eml"')
        .type('message/rfc822')
        .send((await inbound.raw(whose(request), request.params.id)) as never),
  )
  api.post(
    `${prefix}/:id/resolve`,
    { config: access.change, schema: { ...summarised('Say that one was seen to'), response } },
    async (request) =>
      encodeKeptMail(await inbound.resolve(whose(request), request.params.id, actor(request))),
  )
  api.post(
    `${prefix}/:id/retry`,
    {
      config: access.change,
      schema: { ...summarised('Look again at one that was not understood'), response },
    },
    async (request) => encodeKeptMail(await inbound.retry(whose(request), request.params.id, actor(request))),
  )
}

async function takeMail(
  inbound: NativeParts['inbound'],
  whose: Whose,
  { body, query }: { body: Buffer; query: z.infer<typeof recipient> },
) {
  const items = await inbound.take(whose, { raw: body, recipient: query.recipient ?? null })
  return { items: items.map(({ kind, outcome }) => ({ kind, outcome })) }
}

function readMails(api: Api): void {
  api.removeContentTypeParser(MEDIA_TYPES)
  api.addContentTypeParser(MEDIA_TYPES, { parseAs: 'buffer' }, (_, body, done) => done(null, body))
}
