import { z } from 'zod'
import { DomainError } from '../../kernel/domain-error.ts'
import { actor } from './access.ts'
import { encodePage, encodeSender } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, inService, page, paging, problems } from './schemas.ts'

const TAGS = ['senders']

const sender = z.object({
  address: z.string(),
  oneClick: z.boolean(),
  classId: z.string(),
  baseUrl: z.string(),
})

const senderRequest = z.strictObject({
  address,
  oneClick: z.boolean().optional().describe('true unless said otherwise; false makes a stop list only'),
})

export function senderRoutes(api: Api, parts: NativeParts): void {
  api.post(
    '/services/:service/senders',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary: 'Register a sender for one-click, for ever',
        params: inService,
        body: senderRequest,
        response: { 200: sender, ...problems },
      },
    },
    async (request) =>
      encodeSender(parts, await parts.senders.register(request.service, request.body, actor(request))),
  )

  api.get(
    '/services/:service/senders',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'List senders',
        params: inService,
        querystring: paging,
        response: { 200: page(sender), ...problems },
      },
    },
    async ({ service, query }) =>
      encodePage(await parts.senders.find(service, query), (found) => encodeSender(parts, found)),
  )

  // Answered before a body is read: whatever it says, the answer is the same.
  const refuse = async () => {
    throw new DomainError(
      'sender-is-permanent',
      'links in mails that were sent must keep working, and one-click cannot be switched off again',
      { field: 'address' },
    )
  }
  for (const method of ['PATCH', 'DELETE'] as const) {
    api.route({
      method,
      url: '/services/:service/senders',
      config: { access: 'edit' },
      onRequest: refuse,
      schema: {
        tags: TAGS,
        summary: 'Always refused: a sender is permanent',
        params: inService,
        response: problems,
      },
      handler: refuse,
    })
  }
}
