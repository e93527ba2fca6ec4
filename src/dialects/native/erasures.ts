import { z } from 'zod'
import { administeredSite } from '../../access/authorise.ts'
import { DomainError } from '../../kernel/domain-error.ts'
import type { ErasureView } from '../../subscribers/erase/erasures.ts'
import { actor } from './access.ts'
import { encodeTime, encodeTimeOrNull } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, address, moment, problems } from './schemas.ts'

const erasure = z.object({
  id: z.string(),
  state: z.enum(['running', 'done']).describe('what is `done` is the receipt'),
  at: moment.describe('when it was asked for'),
  finishedAt: moment.nullable(),
  siteId: z.int(),
  keyId: z.string().describe('of the secret key whose hash stands in the place of the address'),
  replaced: z.record(z.string(), z.int()).describe('rows that were rewritten or removed, by table'),
  lookingAt: z.string().nullable().describe('the table that is being looked through'),
  looked: z.int().describe('about how many rows were looked at so far'),
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
        response: {
          200: erasure.describe('done'),
          202: erasure.describe('durable, and not done yet'),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { address, service: id } = request.body
      const service = await parts.findService(id)
      const site = administeredSite(request.caller)
      if (site !== undefined && site !== service.siteId) {
        throw new DomainError('unknown-service', `there is no service ${id}`, { field: 'service' })
      }
      const view = await parts.erase(service, address, actor(request))
      return reply.code(view.finishedAt === null ? 202 : 200).send(encodeErasure(view))
    },
  )

  api.get(
    '/erasures/:id',
    {
      config: { access: 'site-admin' },
      schema: {
        tags: ['administration'],
        summary: 'Tell how an erasure stands, or its receipt',
        params: z.object({ id: z.string().max(100) }),
        response: { 200: erasure, ...problems },
      },
    },
    async ({ caller, params }) => encodeErasure(await parts.findErasure(administeredSite(caller), params.id)),
  )
}

function encodeErasure({ at, finishedAt, ...view }: ErasureView): z.infer<typeof erasure> {
  return {
    ...view,
    state: finishedAt === null ? 'running' : 'done',
    at: encodeTime(at),
    finishedAt: encodeTimeOrNull(finishedAt),
  }
}
