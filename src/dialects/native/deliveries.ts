import { z } from 'zod'
import { actor } from './access.ts'
import { decodeDelivery } from './decode-delivery.ts'
import {
  accepted,
  delivery,
  deliveryRequest,
  MESSAGE_STATES,
  message,
  resendRequest,
  resent,
} from './delivery-schemas.ts'
import { encodeDelivery, encodeMessage, encodePage } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, idInService, inService, messageInService, page, paging, problems } from './schemas.ts'

const TAGS = ['deliveries']
const BODY_LIMIT = 32 * 1_024 * 1_024
const ADDRESSES_LIMIT = 4 * 1_024 * 1_024

const CHANGES = { pause: 'paused', resume: 'active', cancel: 'cancelled' } as const

export function deliveryRoutes(api: Api, parts: NativeParts): void {
  const { deliveries } = parts

  api.post(
    '/services/:service/deliveries',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'send' },
      schema: {
        tags: TAGS,
        summary: 'Send a mail to up to 10,000 recipients',
        params: inService,
        body: deliveryRequest,
        response: { 202: accepted, ...problems },
      },
    },
    async (request, reply) => {
      const decoded = decodeDelivery(request.body)
      const { service } = request
      const answer = await deliveries.accept({ ...decoded, service, createdBy: actor(request) })
      return reply.code(202).send(answer)
    },
  )

  api.get(
    '/services/:service/deliveries',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'List deliveries, newest first',
        params: inService,
        querystring: paging,
        response: { 200: page(delivery), ...problems },
      },
    },
    async ({ service, query }) => encodePage(await deliveries.find(service, query), encodeDelivery),
  )

  api.get(
    '/services/:service/deliveries/:id',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show a delivery and how far it is',
        params: idInService,
        response: { 200: delivery, ...problems },
      },
    },
    async ({ service, params }) => encodeDelivery(await deliveries.findOne(service, params.id)),
  )

  api.get(
    '/services/:service/deliveries/:id/messages',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'List what became of each recipient',
        params: idInService,
        querystring: paging.extend({ state: z.enum(MESSAGE_STATES).optional() }),
        response: { 200: page(message), ...problems },
      },
    },
    async ({ service, params, query }) =>
      encodePage(await deliveries.messages(service, params.id, query), encodeMessage),
  )

  api.get(
    '/services/:service/deliveries/:id/messages/:messageId/raw',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Read a mail that was kept because there is no relay',
        params: messageInService,
        response: {
          200: { description: 'RFC 5322', content: { 'message/rfc822': { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async ({ service, params }, reply) => {
      const raw = await deliveries.rawMail(service, params.id, params.messageId)
      return reply.type('message/rfc822').send(raw as never)
    },
  )

  api.post(
    '/services/:service/deliveries/:id/resend',
    {
      bodyLimit: ADDRESSES_LIMIT,
      config: { access: 'send', confirmed: true },
      schema: {
        tags: TAGS,
        summary: 'Ask the lists again about the excluded recipients, and mail whoever may be mailed now',
        params: idInService,
        body: resendRequest,
        response: { 200: resent, ...problems },
      },
    },
    async (request) => deliveries.resend(request.service, request.params.id, request.body, actor(request)),
  )

  for (const [verb, state] of Object.entries(CHANGES)) {
    api.post(
      `/services/:service/deliveries/:id/${verb}`,
      {
        config: { access: 'send', ...(verb !== 'pause' && { confirmed: true }) },
        schema: {
          tags: TAGS,
          summary: `${verb[0]?.toUpperCase()}${verb.slice(1)} what has not been handed to the relay yet`,
          params: idInService,
          response: { 200: delivery, ...problems },
        },
      },
      async (request) =>
        encodeDelivery(await deliveries.change(request.service, request.params.id, state, actor(request))),
    )
  }
}
