import { z } from 'zod'
import { MOST_COUNTS_SET, settableCount } from '../../bounces/acting/error-count-rules.ts'
import { parseAddress } from '../../kernel/address.ts'
import { invalid } from '../../kernel/domain-error.ts'
import { actor } from './access.ts'
import { encodeErrorCount } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, inService, moment, problems, recipients } from './schemas.ts'

const TAGS = ['error counts']
const BODY_LIMIT = 4 * 1_024 * 1_024

const errorCount = z.object({
  address: z.string(),
  count: z.number().describe("at the service's threshold or above it where the address is on hard-bounces"),
  registeredAt: moment,
  updatedAt: moment,
})

export function errorCountRoutes(api: Api, { errorCounts }: NativeParts): void {
  api.post(
    '/services/:service/error-counts/search',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Tell how often mail to addresses came back for passing reasons',
        params: inService,
        body: z.strictObject({ addresses: recipients(address) }),
        response: {
          200: z.object({ items: z.array(errorCount), malformed: z.array(z.string()) }),
          ...problems,
        },
      },
    },
    async ({ service, body }) => {
      const { items, malformed } = await errorCounts.find(service, body.addresses)
      return { items: items.map(encodeErrorCount), malformed }
    },
  )

  api.post(
    '/services/:service/error-counts',
    {
      config: { access: 'edit' },
      schema: {
        tags: TAGS,
        summary:
          'Set counts: the threshold or more puts an address on hard-bounces, less makes it deliverable again',
        params: inService,
        body: z.strictObject({
          counts: z
            .array(z.strictObject({ address, count: settableCount.prefault(0) }))
            .min(1)
            .max(MOST_COUNTS_SET, `must have at most ${MOST_COUNTS_SET} entries`),
        }),
        response: { 200: z.object({ set: z.int() }), ...problems },
      },
    },
    async (request) => {
      const counts = request.body.counts.map(({ address, count }, index) => {
        const recipient = parseAddress(address)
        if (!recipient) throw invalid(`counts[${index}].address`, 'must be a mail address')
        return { recipient, count }
      })
      await errorCounts.set(request.service, counts, actor(request))
      return { set: counts.length }
    },
  )
}
