import { z } from 'zod'
import { decodeUtf8Body } from '../../kernel/utf8-body.ts'
import { inboundAddresses } from './inbound.ts'
import type { NativeParts } from './parts.ts'
import { type Api, problems } from './schemas.ts'

const BODY_LIMIT = 4 * 1_024 * 1_024

const list = { classId: z.string(), baseUrl: z.string() }

const provisioned = z.object({
  sites: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      apiUsers: z.array(z.object({ name: z.string(), role: z.string() })),
      services: z.array(
        z.object({
          id: z.int(),
          name: z.string(),
          senders: z.array(z.object({ address: z.string(), oneClick: z.boolean(), ...list })),
          filters: z.array(z.object({ name: z.string(), ...list })),
          forms: z.array(z.object({ name: z.string(), id: z.string(), url: z.string() })),
          inbound: inboundAddresses,
        }),
      ),
    }),
  ),
})

export function provisionRoutes(api: Api, parts: NativeParts): void {
  api.addContentTypeParser('application/yaml', { parseAs: 'buffer' }, (_request, bytes, done) =>
    done(null, decodeUtf8Body(bytes as Buffer)),
  )

  api.post(
    '/provision',
    {
      bodyLimit: BODY_LIMIT,
      config: { access: 'operator' },
      schema: {
        tags: ['administration'],
        summary: 'Make sites, services, senders, filters, registration forms and API users what a file says',
        consumes: ['application/json', 'application/yaml'],
        body: z.unknown(),
        response: { 200: provisioned, ...problems },
      },
    },
    async ({ body }) => parts.provision(body),
  )
}
