import { randomBytes } from 'node:crypto'
import swagger, { type SwaggerTransform } from '@fastify/swagger'
import Fastify, { type FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

/** Placeholder in the page for the nonce, which differs each time. */
const NONCE_PLACE = 'nonce-of-this-answer'

/**
 * The page contains its script and loads nothing from elsewhere, whatever the script would like to fetch. Only what has
 * the nonce runs in the page; styles may lack it, since the script writes some, but can run nothing.
 */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Serves the description of every route that is registered afterwards, as OpenAPI 3.1 and as a page. */
export async function registerDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Kaijo',
        version: '1',
        description:
          'One-click unsubscribe and suppression. Times are ISO 8601; errors are RFC 9457 problem documents.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          nameAndKey: { type: 'http', scheme: 'basic' },
        },
      },
      security: [{ key: [] }, { nameAndKey: [] }],
    },
    transform: describeCall,
  })

  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())

  let page: Promise<FastifyInstance> | undefined
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { schema: { hide: true } }, async (request, reply) => {
      page ??= createPage(`/${app.prefix.slice(1)}/docs`)
      const { statusCode, headers, payload, rawPayload } = await (await page).inject(request.url)
      const nonce = randomBytes(16).toString('base64')
      const { 'content-length': _, ...described } = headers
      reply.code(statusCode).headers(described).header('content-security-policy', contentPolicy(nonce))
      if (!String(headers['content-type']).startsWith('text/html')) return reply.send(rawPayload)
      return reply.header('cache-control', 'no-store').send(payload.replaceAll(NONCE_PLACE, nonce))
    })
  }
}

/** Adds a name for generated clients, and describes as text what is not JSON in a body. */
const describeCall: SwaggerTransform = (call) => {
  const { schema, url } = jsonSchemaTransform(call)
  const { body, consumes = [] } = schema
  const content = consumes.map((type) => [
    type,
    { schema: type === 'application/json' ? body : { type: 'string' } },
  ])
  return {
    url,
    schema: {
      ...schema,
      operationId: nameCall(String(call.route.method), url),
      ...(content.length > 0 ? { body: { content: Object.fromEntries(content) } } : {}),
    },
  }
}

/** `postDeliveriesIdPause` for `POST /api/v1/services/:service/deliveries/:id/pause`. */
function nameCall(method: string, url: string): string {
  const path = url.replace(/^\/api\/v1(\/services\/:service)?/, '') || '/service'
  return method.toLowerCase() + path.replace(/[^a-z]+([a-z])/gi, (_, letter: string) => letter.toUpperCase())
}

/** The page comes with 4 MB of script, which only those who look at it should pay for. */
async function createPage(routePrefix: `/${string}`): Promise<FastifyInstance> {
  const page = Fastify()
  const { default: reference } = await import('@scalar/fastify-api-reference')
  await page.register(reference, {
    routePrefix,
    configuration: {
      url: '../openapi.json',
      pageTitle: 'Kaijo API',
      nonce: NONCE_PLACE,
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      // These would call servers of the page's maker.
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  })
  return page
}
