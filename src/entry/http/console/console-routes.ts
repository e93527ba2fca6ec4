import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pickLanguage } from '../../../kernel/texts.ts'
import { type ConsoleAuthRouteParts, consoleAuthRoutes } from './console-auth-routes.ts'
import { CONSOLE_TEXTS } from './console-texts.ts'

export interface ConsoleParts extends ConsoleAuthRouteParts {
  /** Where the built console lies. */
  directory: string
}

const YEAR_S = 31_536_000
const NONCE_PLACE = /__CSP_NONCE__/g

/** The console below `/console`: its sign-in, its files, and its one page for every other path. Anyone may call them. */
export async function registerConsole(app: FastifyInstance, parts: ConsoleParts): Promise<void> {
  // A command that runs without a server has no console.
  const { default: fastifyStatic } = await import('@fastify/static')
  await app.register(async (scope) => {
    scope.setErrorHandler(answerConsoleError)
    scope.addHook('onSend', async (_request, reply) => void reply.headers(HEADERS))
    await scope.register((auth) => consoleAuthRoutes(auth, parts))
    await scope.register(fastifyStatic, {
      root: join(parts.directory, 'assets'),
      prefix: '/console/assets/',
      // Their names hold a hash of what is in them.
      immutable: true,
      maxAge: YEAR_S * 1_000,
      preCompressed: true,
      index: false,
    })
    const page = pageReader(join(parts.directory, 'index.html'))
    const answer = (request: FastifyRequest, reply: FastifyReply) => sendPage(request, reply, page)
    scope.get('/console', answer)
    scope.get('/console/*', answer)
  })
  app.get('/', (_request, reply) => reply.redirect('/console'))
}

/**
 * Answers a malformed path, an oversized body, or a failure of ours: in words, without repeating what was asked for.
 */
export function answerConsoleError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { statusCode: status = 500 } = error as { statusCode?: number }
  if (status >= 500) request.log.error({ err: error }, 'a request to the console failed')
  return say(
    request,
    reply.code(status),
    status >= 500 ? 'failed' : status === 413 ? 'tooLarge' : 'unreadable',
  )
}

/** Answers in the language that the browser asks for. */
function say(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  text: keyof (typeof CONSOLE_TEXTS)['en'],
): FastifyReply {
  const language = pickLanguage(headers['accept-language'])
  return reply.type('text/plain; charset=utf-8').send(CONSOLE_TEXTS[language][text])
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Styles that the components put into the page carry a nonce; scripts come as files of ours alone. */
function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: () => string | undefined,
): FastifyReply {
  const html = page()
  if (html === undefined) return say(request, reply.code(503), 'notBuilt')
  const nonce = randomBytes(16).toString('base64')
  return reply
    .headers({ 'content-security-policy': contentSecurityPolicy(nonce), 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(html.replace(NONCE_PLACE, nonce))
}

/** Read when it is first there: a console may be built after the start. */
function pageReader(file: string): () => string | undefined {
  let html: string | undefined
  return () => {
    if (html === undefined && existsSync(file)) html = readFileSync(file, 'utf8')
    return html
  }
}
