import { Readable } from 'node:stream'
import { z } from 'zod'
import { decodePeriod } from './decode.ts'
import type { NativeParts } from './parts.ts'
import { days, messageFilter } from './report-schemas.ts'
import { decodeMessageFilter } from './reports.ts'
import { type Api, address, dayOrMoment, inService, problems } from './schemas.ts'

const TAGS = ['exports']

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
} as const

const fileFormat = z.strictObject({
  format: z.enum(['csv', 'ndjson']).default('csv'),
  bom: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('begins CSV with a byte order mark, for Excel'),
})

const oneClickQuery = fileFormat.extend({
  sender: address,
  from: dayOrMoment.optional(),
  to: dayOrMoment.optional().describe('a day counts whole, a moment does not count itself'),
})

const fileOf = (description: string) => ({
  200: {
    description,
    content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
  },
  ...problems,
})

export function exportRoutes(api: Api, parts: NativeParts): void {
  api.get(
    '/services/:service/exports/one-click',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream the one-click list of a sender',
        params: inService,
        querystring: oneClickQuery,
        response: fileOf('Address, Message-ID, time of the request and flag (1 = deliverable, 0 = excluded)'),
      },
    },
    async ({ service, query }, reply) => {
      const { from, to, format, ...rest } = query
      const period = decodePeriod({ from, to }, service.timeZone)
      const rows = await parts.exports.oneClick(service, { ...rest, ...period, format })
      return reply.type(MEDIA_TYPES[format]).send(Readable.from(rows) as never)
    },
  )

  api.post(
    '/services/:service/exports/messages',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream what became of mails, newest first',
        params: inService,
        querystring: fileFormat,
        body: messageFilter,
        response: fileOf("A line for each message; times are those of the service's zone"),
      },
    },
    async ({ service, query, body }, reply) => {
      const rows = await parts.reports.messageFile(service, decodeMessageFilter(body, service), query)
      return reply.type(MEDIA_TYPES[query.format]).send(Readable.from(rows) as never)
    },
  )

  api.get(
    '/services/:service/exports/counts',
    {
      config: { access: 'download' },
      schema: {
        tags: TAGS,
        summary: 'Stream how many mails met with what on each day, by sender and list',
        params: inService,
        querystring: fileFormat.extend(days.shape),
        response: fileOf('Day, sender, outcome, list and number'),
      },
    },
    async ({ service, query }, reply) => {
      const { from, to, ...format } = query
      const rows = await parts.reports.countFile(service, { from, to }, format)
      return reply.type(MEDIA_TYPES[format.format]).send(Readable.from(rows) as never)
    },
  )
}
