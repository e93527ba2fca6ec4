import { Readable } from 'node:stream'
import { z } from 'zod'
import { decodePeriod } from './decode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, dayOrMoment, inService, problems } from './schemas.ts'

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
} as const

const oneClickQuery = z.strictObject({
  sender: address,
  from: dayOrMoment.optional(),
  to: dayOrMoment.optional().describe('a day counts whole, a moment does not count itself'),
  format: z.enum(['csv', 'ndjson']).default('csv'),
  bom: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('begins CSV with a byte order mark, for Excel'),
})

export function exportRoutes(api: Api, parts: NativeParts): void {
  api.get(
    '/services/:service/exports/one-click',
    {
      config: { access: 'download' },
      schema: {
        tags: ['exports'],
        summary: 'Stream the one-click list of a sender',
        params: inService,
        querystring: oneClickQuery,
        response: {
          200: {
            description: 'Address, Message-ID, time of the request and flag (1 = deliverable, 0 = excluded)',
            content: {
              'text/csv': { schema: z.string() },
              'application/x-ndjson': { schema: z.string() },
            },
          },
          ...problems,
        },
      },
    },
    async ({ service, query }, reply) => {
      const { from, to, format, ...rest } = query
      const period = decodePeriod({ from, to }, service.timeZone)
      const rows = await parts.exports.oneClick(service, { ...rest, ...period, format })
      return reply.type(MEDIA_TYPES[format]).send(Readable.from(rows) as never)
    },
  )
}
