import type { FastifyInstance } from 'fastify'
import { DomainError } from '../../kernel/domain-error.ts'
import { readXml, type XmlElement } from '../xml/read-xml.ts'

/** Octets that the bodies of all requests together may have while they are received and answered. */
const ROOM = 64 * 1_024 * 1_024

/**
 * Reads bodies whole, whatever Content-Type is named: clients of the vendor send application/octet-stream. Since a body is read
 * before anyone has signed in, all of them share one room; who finds none is told to come again.
 */
export function readBodies(app: FastifyInstance): void {
  let left = ROOM
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => bytes)
  app.addHook('onRequest', async (request, reply) => {
    // Whatever is named, and be it no media type at all.
    request.raw.headers['content-type'] = 'application/octet-stream'
    const limit = request.routeOptions.bodyLimit ?? 0
    const octets = Math.min(limit, Number(request.headers['content-length'] ?? limit))
    if (octets > left) throw new DomainError('unavailable', 'too many large requests at a time')
    left -= octets
    let holds = true
    const release = () => {
      if (holds) left += octets
      holds = false
    }
    reply.raw.once('finish', release).once('close', release)
  })
}

/** The root element of a body. Throws DomainError `malformed-body` or `too-large`. */
export async function readRoot(body: unknown, name: string): Promise<XmlElement> {
  const root = await readXml(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
  if (root.name === name) return root
  throw new DomainError('malformed-body', `the root element must be ${name}`)
}
