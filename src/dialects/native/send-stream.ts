import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Sends what is read as it goes; nothing is read for who asks by HEAD whether it may be had. */
export function sendStream(reply: FastifyReply, content: Readable): FastifyReply {
  if (reply.request.method !== 'HEAD') return reply.send(content as never)
  content.destroy()
  return reply.send(Readable.from([]) as never)
}
