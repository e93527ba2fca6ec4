import { z } from 'zod'
import { administeredSite } from '../../access/authorise.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import { actor } from './access.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, moment, problems } from './schemas.ts'

const receipt = z.object({
  id: z.string(),
  at: moment,
  siteId: z.int(),
  keyId: z.string().describe('of the secret key whose hash stands in the place of the address'),
  replaced: z.record(z.string(), z.int()).describe('rows that were rewritten or removed, by table'),
})

export function erasureRoutes(api: Api, parts: NativeParts): void {
  api.post(
    '/erasures',
    {
      config: { access: 'site-admin', confirmed: true },
      schema: {
        tags: ['administration'],
        summary: 'Erase a person from the site of a service; whoever excludes them goes on doing so',
        body: z.strictObject({ address, service: z.int().min(1).describe('any of the site') }),
        response: { 200: receipt, ...problems },
      },
    },
    async (request) => {
      const { address, service: id } = request.body
      const service = await parts.findService(id)
      const site = administeredSite(request.caller)
      if (site !== undefined && site !== service.siteId) {
        throw new DomainError('unknown-service', `there is no service ${id}`, { field: 'service' })
      }
      const { at, ...done } = await parts.erase(service, address, actor(request))
      return { ...done, at: new Date(at).toISOString() }
    },
  )
}
