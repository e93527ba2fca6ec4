import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Sends a stream as it is read; nothing is read for a HEAD request, which only asks whether it may be had. */
export function sendStream(reply: FastifyReply, content: Readable): FastifyReply {
  if (reply.request.method !== 'HEAD') return reply.send(content as never)
  content.destroy()
  return reply.send(Readable.from([]) as never)
}
