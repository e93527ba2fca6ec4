import { z } from 'zod'
import { MOST_LOGO_BYTES } from '../../pages/logo.ts'
import { pageFields } from '../../tenants/page-rules.ts'
import { actor } from './access.ts'
import { encodeService } from './encode.ts'
import type { NativeParts } from './parts.ts'
import { type Api, inService, problems } from './schemas.ts'
import { service } from './services.ts'

const TAGS = ['services']
const MEDIA_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'application/octet-stream']

const picture = z.custom<Buffer>(
  (body) => body instanceof Buffer && body.length > 0,
  'must be a PNG, JPEG or WebP picture',
)

const preview = z.strictObject({
  language: z.enum(['ja', 'en']),
  state: z.enum(['ask', 'stopped', 'alreadyStopped', 'resumed']),
  page: pageFields.optional(),
})

/** How the public pages of a service look. */
export function servicePageRoutes(api: Api, { services }: NativeParts): void {
  for (const type of MEDIA_TYPES) {
    api.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (_request, bytes, done) =>
      done(null, bytes),
    )
  }

  api.put(
    '/services/:service/logo',
    {
      // One byte more, so that an oversized logo is refused by its own rule.
      bodyLimit: MOST_LOGO_BYTES + 1,
      config: { access: 'admin' },
      schema: {
        tags: TAGS,
        summary: 'Show a logo on the public pages: PNG, JPEG or WebP, at most 200 KiB',
        consumes: MEDIA_TYPES,
        params: inService,
        body: picture,
        response: { 200: service, ...problems },
      },
    },
    async (request) => encodeService(await services.setLogo(request.service, request.body, actor(request))),
  )

  api.delete(
    '/services/:service/logo',
    {
      config: { access: 'admin' },
      schema: {
        tags: TAGS,
        summary: 'Show no logo any more',
        params: inService,
        response: { 200: service, ...problems },
      },
    },
    async (request) => encodeService(await services.setLogo(request.service, null, actor(request))),
  )

  api.post(
    '/services/:service/page/preview',
    {
      config: { access: 'view' },
      schema: {
        tags: TAGS,
        summary: 'Show the unsubscribe page as it would be with these changes; changes nothing',
        params: inService,
        body: preview,
        response: { 200: z.object({ html: z.string() }), ...problems },
      },
    },
    async (request) => ({ html: await services.preview(request.service, request.body) }),
  )
}
