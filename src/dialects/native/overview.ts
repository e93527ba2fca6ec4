import { z } from 'zod'
import type { NativeParts } from './parts.ts'
import { type Api, inService, problems } from './schemas.ts'

const TAGS = ['reports']

const count = z.int()

const listsOnDay = z.object({
  day: z.iso.date(),
  unsubscribed: count.describe('on lists of senders and filters'),
  hardBounces: count,
  complaints: count,
})

const attention = z.object({
  sendersWithoutKey: z
    .array(z.string())
    .describe('one-click senders whose mail no DKIM key signs; a hundred at most'),
  failedImports: count.describe('of the last 7 days'),
  unverifiedRequests: count.describe('which wait for a secret key that is not here'),
  openMails: count.describe('which came in, were not understood, and nobody has seen to'),
})

export function overviewRoutes(api: Api, { overview }: NativeParts): void {
  api.get(
    '/services/:service/counts/lists',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell how many came onto lists on each of the last 31 days, by their latest request',
        params: inService,
        response: { 200: z.object({ items: z.array(listsOnDay) }), ...problems },
      },
    },
    async ({ service }) => ({ items: await overview.lists(service) }),
  )

  api.get(
    '/services/:service/attention',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell what somebody should see to',
        params: inService,
        response: { 200: attention, ...problems },
      },
    },
    ({ service }) => overview.attention(service),
  )
}
