import { z } from 'zod'
import { administeredSite } from '../../access/authorise.ts'
import { timeZone } from '../../tenants/service-rules.ts'
import { actor } from './access.ts'
import { decodePeriod } from './decode.ts'
import { encodeAudit, encodePage } from './encode.ts'
import { fileForm, fileOf, refuseNeutralBytes } from './export-schemas.ts'
import { sendFile } from './exports.ts'
import type { NativeParts } from './parts.ts'
import { type Api, dayOrMoment, line, moment, page, paging, problems } from './schemas.ts'

const TAGS = ['administration']

const entry = z.object({
  at: moment,
  actor: z.string(),
  action: z.string(),
  siteId: z.int().nullable(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
})

const filter = {
  actor: line(254).min(1).optional().describe('a part of who did it'),
  action: line(100).min(1).optional().describe('filter.update, or filter for everything done to one'),
  subject: line(1_000).min(1).optional().describe('a part of what it was done to'),
  from: dayOrMoment.optional(),
  to: dayOrMoment.optional().describe('a day counts whole, a moment does not count itself'),
  timeZone: timeZone.default('Asia/Tokyo').describe('whose days are meant'),
}

export function auditRoutes(api: Api, { audit }: NativeParts): void {
  api.get(
    '/audit',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: TAGS,
        summary: 'Search who did what, newest first',
        querystring: paging.extend(filter),
        response: { 200: page(entry), ...problems },
      },
    },
    async ({ caller, query }) => {
      const { cursor, limit, timeZone: zone, from, to, ...wanted } = query
      const asked = { ...wanted, ...decodePeriod({ from, to }, zone), siteId: administeredSite(caller) }
      return encodePage(await audit.find(asked, { cursor, limit }), encodeAudit)
    },
  )

  api.get(
    '/audit/export',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: TAGS,
        summary: 'Stream who did what, newest first',
        querystring: fileForm.pick({ format: true, bom: true, formulas: true }).extend(filter),
        response: fileOf('at, actor, action, subject, site_id and detail, which is JSON'),
      },
    },
    async (request, reply) => {
      const { format, bom, formulas, timeZone: zone, from, to, ...wanted } = request.query
      refuseNeutralBytes({ format, formulas, compress: 'none' })
      const siteId = administeredSite(request.caller)
      const asked = { ...wanted, ...decodePeriod({ from, to }, zone), siteId }
      const isOnlyAsked = request.method === 'HEAD'
      const form = { format, bom, formulas, timeZone: zone, actor: actor(request), isOnlyAsked }
      return sendFile(reply, await audit.file(asked, form))
    },
  )
}
