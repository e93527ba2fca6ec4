import { z } from 'zod'
import { decodeMailbox } from './decode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, inService, line, problems, seenHeaders } from './schemas.ts'

const mintRequest = z.strictObject({
  from: line(1_000),
  to: address,
  messageId: line(998).optional().describe('of the mail that will carry the pair, with or without brackets'),
  headers: seenHeaders
    .optional()
    .describe('what filters look at; an array for a header that occurs several times'),
})

const minted = z.object({
  listUnsubscribe: z.string(),
  listUnsubscribePost: z.string(),
  url: z.string(),
  mailto: z.string().optional(),
})

export function headerRoutes(api: Api, parts: NativeParts): void {
  api.post(
    '/services/:service/headers',
    {
      config: { access: 'send' },
      schema: {
        tags: ['sending'],
        summary: 'Mint the two header values for a mail that someone else sends',
        params: inService,
        body: mintRequest,
        response: { 200: minted, ...problems },
      },
    },
    async ({ service, body }) =>
      parts.mintHeaders(service, { ...body, from: decodeMailbox(body.from, 'from') }),
  )
}
