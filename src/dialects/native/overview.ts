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
  isMore: z.boolean().describe('some list has more of that day than the 50,000 that are counted'),
})

const ontoList = z.object({ list: z.string(), count, isMore: z.boolean() })

const attention = z.object({
  sendersWithoutKey: z
    .array(z.string())
    .describe('one-click senders whose mail no DKIM key signs; a hundred at most'),
  failedImports: count.describe('of the last 7 days'),
  unverifiedRequests: count.describe('which wait for a secret key that is not here'),
  openMails: count.describe('which came in, were not understood, and nobody has seen to'),
  expiring: z
    .object({ count, isMore: z.boolean() })
    .describe(
      'addresses that become deliverable again within 7 days; no more than 50,000 of a list and day are counted',
    ),
  peaks: z
    .array(
      z.object({
        day: z.iso.date(),
        outcome: z.enum(['failed', 'bounced', 'returned', 'blamed', 'complained']),
        count,
        usual: count.describe('of a day, on the average of the 29 before'),
      }),
    )
    .describe('of the last two days what stands out: 20 or more, and three times what is usual'),
})

const installationAttention = z.object({
  openMails: count.describe('which came in for no service, were not understood, and nobody has seen to'),
  unverifiedRequests: count.describe('of all services, which wait for a secret key that is not here'),
  journalWaits: z.boolean().describe('requests are on disk and wait for the database'),
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
        response: {
          200: z.object({
            items: z.array(listsOnDay),
            lists: z.array(ontoList).describe('of senders and filters, over all of these days'),
          }),
          ...problems,
        },
      },
    },
    ({ service }) => overview.lists(service),
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

  api.get(
    '/installation/attention',
    {
      config: { access: 'installation' },
      schema: {
        tags: TAGS,
        summary: 'Tell what somebody should see to that is no service’s',
        response: { 200: installationAttention, ...problems },
      },
    },
    () => overview.installation(),
  )
}
