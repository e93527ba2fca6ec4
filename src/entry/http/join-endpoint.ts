import type { IncomingMessage, ServerResponse } from 'node:http'
import { pickLanguage } from '../../kernel/texts.ts'
import { pageHeaders } from '../../pages/frame.ts'
import { noticePage, noticeText } from '../../pages/notice-page.ts'
import { prefersHtml } from '../../pages/prefers-html.ts'
import { TEXT_HEADERS } from '../../pages/public-headers.ts'
import { publicPath } from '../../pages/public-path.ts'
import { JOIN_PATH } from '../../subscribers/confirm/ask-to-confirm.ts'
import {
  type Confirmed,
  type ConfirmParts,
  confirmJoining,
  confirmView,
  lookAtConfirmation,
} from '../../subscribers/confirm/confirm-joining.ts'
import type { ConfirmState } from '../../subscribers/confirm/page-texts.ts'
import { type PageDirectory, PLAIN_LOOK } from '../../tenants/page-directory.ts'
import { readUnsubscribeBody } from '../../unsubscribe/read-body.ts'

export interface JoinEndpointParts extends ConfirmParts {
  /** The path of the public URL, '' when it has none. */
  prefix: string
  pages: PageDirectory
  clientAddress(request: IncomingMessage): string | undefined
  onConfirmed(state: ConfirmState | 'wrong-method'): void
  onError(error: unknown): void
}

const STATUS: Record<ConfirmState, number> = {
  ask: 200,
  joined: 200,
  expired: 410,
  unknown: 404,
  unavailable: 503,
}

/**
 * The page on which somebody confirms that they want to join. Answers true when the raw target is one of its own.
 * Anyone may call it: the sealed token is the credential. GET changes nothing; POST joins, and leads to where a form
 * says that it should.
 */
export function createJoinEndpoint(
  parts: JoinEndpointParts,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const token = readToken(request.url ?? '', parts.prefix)
    if (token === undefined) return false
    respond(parts, token, request, response).catch(parts.onError)
    return true
  }
}

/** What mail clients append to a token is not part of it. */
function readToken(rawTarget: string, prefix: string): string | undefined {
  const path = publicPath(rawTarget, prefix)
  if (!path.startsWith(JOIN_PATH)) return undefined
  return /^[A-Za-z0-9_-]*/.exec(path.slice(JOIN_PATH.length))?.[0]
}

async function respond(
  parts: JoinEndpointParts,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', headers } = request
  const isKnownMethod = ['GET', 'HEAD', 'POST'].includes(method)
  let complete = true
  let confirmed: Confirmed = { state: 'unknown' }
  try {
    if (method === 'POST') {
      complete = (await readUnsubscribeBody(request)).complete
      const clientAddress = parts.clientAddress(request) ?? 'unknown'
      const userAgent = headers['user-agent'] ?? null
      confirmed = await confirmJoining(parts, token, { clientAddress, userAgent })
    } else if (isKnownMethod) {
      confirmed = await lookAtConfirmation(parts, token)
    }
  } catch (error) {
    parts.onError(error)
    confirmed = { state: 'unavailable' }
  }
  parts.onConfirmed(isKnownMethod ? confirmed.state : 'wrong-method')
  const html = prefersHtml(headers.accept, true)
  const { confirmation } = confirmed
  const look = html && confirmation ? await parts.pages.find(confirmation.serviceId) : PLAIN_LOOK
  const language = pickLanguage(headers['accept-language'], look.language)
  const view = confirmView(confirmed, language, `${parts.prefix}${JOIN_PATH}${token}`)
  const body = html ? noticePage(view, look.theme) : noticeText(view)
  const leadsTo = confirmed.form?.redirectUrl ?? undefined
  const isLedOn = html && confirmed.state === 'joined' && leadsTo !== undefined
  const places = leadsTo === undefined ? {} : { leadsTo: [new URL(leadsTo).origin] }
  response.writeHead(isLedOn ? 303 : isKnownMethod ? STATUS[confirmed.state] : 405, {
    ...(html ? pageHeaders(look.theme, places) : TEXT_HEADERS),
    ...(isLedOn && { location: leadsTo }),
    'content-length': Buffer.byteLength(body),
    ...(!isKnownMethod && { allow: 'GET, HEAD, POST' }),
    ...(confirmed.state === 'unavailable' && { 'retry-after': '60' }),
    ...(!complete && { connection: 'close' }),
  })
  response.end(method === 'HEAD' ? undefined : body)
}
