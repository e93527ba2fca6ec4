import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { publicPath } from '../../pages/public-path.ts'
import type { Database } from '../../storage/database.ts'
import { DatabaseUnavailable } from '../../storage/database-errors.ts'
import { findLogoBytes, isLogoId, LOGO_PATH } from '../../tenants/service-logo.ts'

export interface LogoEndpointParts {
  database: Database
  /** The path of the public URL, '' when it has none. */
  prefix: string
  onError(error: unknown): void
}

type Found = Awaited<ReturnType<typeof findLogoBytes>>

/** Of 200 KiB at most each. */
const MOST_REMEMBERED = 50

const YEAR_S = 31_536_000

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; sandbox`,
  'x-robots-tag': 'noindex',
} as const

/**
 * The logos of public pages. Answers true when the raw target is one of its own. Anyone may call it. A picture's id is
 * a hash of its bytes, so that browsers never need to ask again, and what is remembered here is never wrong.
 */
export function createLogoEndpoint(
  parts: LogoEndpointParts,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const known = new Map<string, NonNullable<Found>>()
  const find = async (id: string): Promise<Found> => {
    const remembered = known.get(id)
    if (remembered) return remembered
    const found = await findLogoBytes(parts.database, id)
    if (!found) return undefined
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(id, found)
    return found
  }
  return (request, response) => {
    const id = readId(request.url ?? '', parts.prefix)
    if (id === undefined) return false
    respond(find, id, request, response).catch((error) => {
      if (!(error instanceof DatabaseUnavailable)) parts.onError(error)
      answer(request, response, 503, { 'retry-after': '60', 'cache-control': 'no-store' })
    })
    return true
  }
}

async function respond(
  find: (id: string) => Promise<Found>,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(request, response, 405, { allow: 'GET, HEAD', 'cache-control': 'no-store' })
    return
  }
  const found = isLogoId(id) ? await find(id) : undefined
  if (!found) {
    answer(request, response, 404, { 'cache-control': 'no-store' })
    return
  }
  const { type, bytes } = found
  const caching = { 'cache-control': `public, max-age=${YEAR_S}, immutable` }
  answer(request, response, 200, { ...caching, 'content-type': type }, bytes)
}

function readId(rawTarget: string, prefix: string): string | undefined {
  const path = publicPath(rawTarget, prefix)
  return path.startsWith(LOGO_PATH) ? path.slice(LOGO_PATH.length) : undefined
}

function answer(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  bytes: Uint8Array = new Uint8Array(),
): void {
  response.writeHead(status, { ...HEADERS, 'content-length': bytes.byteLength, ...headers })
  response.end(method === 'HEAD' ? undefined : bytes)
}
