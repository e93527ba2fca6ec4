import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Language, pickLanguage } from '../../kernel/texts.ts'
import { PAGE_HEADERS } from '../../pages/frame.ts'
import { prefersHtml } from '../../pages/prefers-html.ts'
import { TEXT_HEADERS } from '../../pages/public-headers.ts'
import { unsubscribePage, unsubscribeText } from '../../pages/unsubscribe-page.ts'
import type { AcceptRequest, Outcome } from '../../unsubscribe/accept-request.ts'
import {
  type Actions,
  type Answer,
  answerTo,
  nothingToDo,
  pageOf,
  unavailable,
} from '../../unsubscribe/answer.ts'
import type { FindPage } from '../../unsubscribe/find-page.ts'
import { readUnsubscribeBody } from '../../unsubscribe/read-body.ts'
import { type PublicTarget, readTarget } from '../../unsubscribe/read-target.ts'

export interface PublicEndpointParts {
  /** The path of the public URL, '' when it has none. */
  prefix: string
  accept: AcceptRequest
  findPage: FindPage
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
  const language = pickLanguage(request.headers['accept-language'])
  const { outcome, answer, complete = true } = await handle(parts, target, request, language)
  parts.onOutcome(outcome, performance.now() - started)
  send(request, response, answer, complete)
}

interface Handled {
  outcome: Parameters<PublicEndpointParts['onOutcome']>[0]
  answer: Answer
  /** False when the body was not read to its end: the connection cannot be used again. */
  complete?: boolean
}

async function handle(
  parts: PublicEndpointParts,
  target: PublicTarget,
  request: IncomingMessage,
  language: Language,
): Promise<Handled> {
  try {
    if (request.method === 'POST') return await post(parts, target, request, language)
    if (request.method === 'GET' || request.method === 'HEAD') {
      const found = await parts.findPage(target)
      return { outcome: 'shown', answer: pageOf(found, language, actionsOf(parts.prefix, target)) }
    }
    return { outcome: 'wrong-method', answer: nothingToDo(language, 405) }
  } catch (error) {
    parts.onError(error)
    return { outcome: 'failed', answer: unavailable(language), complete: false }
  }
}

async function post(
  parts: PublicEndpointParts,
  target: PublicTarget,
  request: IncomingMessage,
  language: Language,
): Promise<Handled> {
  const receivedAt = parts.now()
  const clientAddress = parts.clientAddress(request) ?? 'unknown'
  const { verdict, excerpt, complete } = await readUnsubscribeBody(request)
  if (verdict === 'other-value') return { outcome: verdict, answer: nothingToDo(language), complete }
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
  const answer = answerTo(target, accepted, language, actionsOf(parts.prefix, target))
  return { outcome: accepted.outcome, answer, complete }
}

function actionsOf(prefix: string, target: PublicTarget): Actions {
  const base = `${prefix}/${target.classId}`
  if (target.kind === 'opaque') return { stop: `${base}${target.part}`, resume: undefined }
  if (target.kind !== 'token' && target.kind !== 'resume') return { stop: base, resume: undefined }
  return { stop: `${base}/-${target.token}`, resume: `${prefix}/-/resume/${target.classId}/${target.token}` }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer, complete: boolean): void {
  const html = prefersHtml(request.headers.accept, request.method !== 'POST')
  // As a string it leaves in one write with the head.
  const body = html ? unsubscribePage(answer.view) : unsubscribeText(answer.view)
  response.writeHead(answer.status, {
    ...(html ? PAGE_HEADERS : TEXT_HEADERS),
    'content-length': Buffer.byteLength(body),
    ...(answer.status === 405 && { allow: 'GET, HEAD, POST' }),
    ...(answer.status === 503 && { 'retry-after': '60' }),
    ...(!complete && { connection: 'close' }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
