import { z } from 'zod'
import { administeredSite } from '../../access/authorise.ts'
import { encodeAudit, encodePage } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, moment, page, paging, problems } from './schemas.ts'

const entry = z.object({
  at: moment,
  actor: z.string(),
  action: z.string(),
  siteId: z.int().nullable(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
})

export function auditRoutes(api: Api, parts: NativeParts): void {
  api.get(
    '/audit',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: ['administration'],
        summary: 'List who changed what, newest first',
        querystring: paging,
        response: { 200: page(entry), ...problems },
      },
    },
    async ({ caller, query }) =>
      encodePage(await parts.findAudit(administeredSite(caller), query), encodeAudit),
  )
}
