import type { FastifyInstance } from 'fastify'
import { DomainError } from '../../kernel/domain-error.ts'
import { readXml, type XmlElement } from '../xml/read-xml.ts'
import { createRoom } from './room.ts'

/** How many octets large bodies may have together while they are received and answered. */
const ROOM = 64 * 1_024 * 1_024
const LARGE = 1_024 * 1_024
const LONGEST_WAIT_MS = 30_000

/**
 * Reads bodies whole, whatever their Content-Type: clients of the vendor send application/octet-stream. Since bodies
 * are read before anyone has signed in, large ones share a bounded room, and requests that find none wait with theirs
 * unread.
 */
export function readBodies(app: FastifyInstance): void {
  const room = createRoom(ROOM, LONGEST_WAIT_MS)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => bytes)
  app.addHook('onRequest', async ({ raw, headers, routeOptions }, reply) => {
    // Whatever the type, even if it is not a media type at all.
    raw.headers['content-type'] = 'application/octet-stream'
    const limit = routeOptions.bodyLimit ?? 0
    const octets = Math.min(limit, Number(headers['content-length'] ?? limit))
    if (octets <= LARGE) return
    const leave = await room(octets)
    reply.raw.once('finish', leave).once('close', leave)
    // The client went away while it waited.
    if (raw.destroyed) leave()
  })
}

/** The root element of a body. Throws DomainError `malformed-body` or `too-large`. */
export async function readRoot(body: unknown, name: string): Promise<XmlElement> {
  const root = await readXml(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
  if (root.name === name) return root
  throw new DomainError('malformed-body', `the root element must be ${name}`)
}
