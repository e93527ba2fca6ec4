import type { IncomingMessage, ServerResponse } from 'node:http'
import { pickLanguage } from '../../kernel/texts.ts'
import { pageHeaders } from '../../pages/frame.ts'
import { noticePage, noticeText } from '../../pages/notice-page.ts'
import { prefersHtml } from '../../pages/prefers-html.ts'
import { TEXT_HEADERS } from '../../pages/public-headers.ts'
import type { Theme } from '../../pages/theme.ts'
import { type PageDirectory, PLAIN_LOOK, type PublicLook } from '../../tenants/page-directory.ts'
import type { AcceptRequest, Outcome } from '../../unsubscribe/accept-request.ts'
import {
  type Actions,
  type Answer,
  answerTo,
  nothingToDo,
  pageOf,
  unavailable,
  type Voice,
} from '../../unsubscribe/answer.ts'
import type { FindPage } from '../../unsubscribe/find-page.ts'
import { readUnsubscribeBody } from '../../unsubscribe/read-body.ts'
import { type PublicTarget, readTarget } from '../../unsubscribe/read-target.ts'

export interface PublicEndpointParts {
  /** The path of the public URL, '' when it has none. */
  prefix: string
  accept: AcceptRequest
  findPage: FindPage
  pages: PageDirectory
  clientAddress(request: IncomingMessage): string | undefined
  now(): number
  onOutcome(
    outcome: Outcome | 'other-value' | 'shown' | 'wrong-method' | 'failed',
    milliseconds: number,
  ): void
  onError(error: unknown): void
}

/**
 * The one-click endpoint (RFC 8058). Called for every request before any routing; answers true when the raw target
 * is one of its own. Anyone may call it: the sealed token is the credential. It reads no cookie, sets none, never redirects.
 */
export function createPublicEndpoint(
  parts: PublicEndpointParts,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const target = readTarget(request.url ?? '', parts.prefix)
    if (!target) return false
    respond(parts, target, request, response).catch(parts.onError)
    return true
  }
}

async function respond(
  parts: PublicEndpointParts,
  target: PublicTarget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now()
  const { outcome, answerIn, serviceId, complete = true } = await handle(parts, target, request)
  const { headers, method } = request
  const html = prefersHtml(headers.accept, method !== 'POST')
  const look = html ? await lookOf(parts.pages, serviceId, outcome) : PLAIN_LOOK
  const language = pickLanguage(headers['accept-language'], look.language)
  parts.onOutcome(outcome, performance.now() - started)
  send(request, response, answerIn({ language, texts: look.texts }), {
    complete,
    theme: html ? look.theme : undefined,
  })
}

/** A provider's POST is answered as text and asks for no look; while the database is away nobody waits for one. */
async function lookOf(
  pages: PageDirectory,
  serviceId: number | undefined,
  outcome: Handled['outcome'],
): Promise<PublicLook> {
  if (serviceId === undefined) return PLAIN_LOOK
  return outcome === 'journaled' ? pages.remembered(serviceId) : pages.find(serviceId)
}

interface Handled {
  outcome: Parameters<PublicEndpointParts['onOutcome']>[0]
  answerIn(voice: Voice): Answer
  /** Whose page it is, where that is known. */
  serviceId?: number | undefined
  /** False when the body was not read to its end: the connection cannot be used again. */
  complete?: boolean
}

async function handle(
  parts: PublicEndpointParts,
  target: PublicTarget,
  request: IncomingMessage,
): Promise<Handled> {
  try {
    if (request.method === 'POST') return await post(parts, target, request)
    if (request.method === 'GET' || request.method === 'HEAD') {
      const found = await parts.findPage(target)
      return {
        outcome: 'shown',
        serviceId: found.list?.serviceId,
        answerIn: (voice) => pageOf(found, voice, actionsOf(parts.prefix, target)),
      }
    }
    return { outcome: 'wrong-method', answerIn: ({ language }) => nothingToDo(language, 405) }
  } catch (error) {
    parts.onError(error)
    return { outcome: 'failed', answerIn: ({ language }) => unavailable(language), complete: false }
  }
}

async function post(
  parts: PublicEndpointParts,
  target: PublicTarget,
  request: IncomingMessage,
): Promise<Handled> {
  const receivedAt = parts.now()
  const clientAddress = parts.clientAddress(request) ?? 'unknown'
  const { verdict, excerpt, complete } = await readUnsubscribeBody(request)
  if (verdict === 'other-value') {
    return { outcome: verdict, answerIn: ({ language }) => nothingToDo(language), complete }
  }
  const { accept, 'content-type': contentType, 'user-agent': userAgent } = request.headers
  const accepted = await parts.accept({
    target,
    receivedAt,
    source: prefersHtml(accept, false) ? 'page' : 'one-click',
    evidence: {
      method: 'POST',
      clientAddress,
      userAgent: userAgent ?? null,
      ...(contentType !== undefined && { contentType }),
      ...(excerpt !== '' && { body: excerpt }),
    },
  })
  return {
    outcome: accepted.outcome,
    serviceId: accepted.list?.serviceId,
    answerIn: (voice) => answerTo(target, accepted, voice, actionsOf(parts.prefix, target)),
    complete,
  }
}

function actionsOf(prefix: string, target: PublicTarget): Actions {
  const base = `${prefix}/${target.classId}`
  if (target.kind === 'opaque') return { stop: `${base}${target.part}`, resume: undefined }
  if (target.kind !== 'token' && target.kind !== 'resume') return { stop: base, resume: undefined }
  return { stop: `${base}/-${target.token}`, resume: `${prefix}/-/resume/${target.classId}/${target.token}` }
}

/** Sends a page in its theme, or text when there is no theme. */
function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, view }: Answer,
  { complete, theme }: { complete: boolean; theme: Theme | undefined },
): void {
  // A string is written together with the head.
  const body = theme ? noticePage(view, theme) : noticeText(view)
  response.writeHead(status, {
    ...(theme ? pageHeaders(theme) : TEXT_HEADERS),
    'content-length': Buffer.byteLength(body),
    ...(status === 405 && { allow: 'GET, HEAD, POST' }),
    ...(status === 503 && { 'retry-after': '60' }),
    ...(!complete && { connection: 'close' }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
