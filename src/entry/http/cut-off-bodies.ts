import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { DomainError } from '../../kernel/domain-error.ts'

/** What cannot be parsed as a request belongs to no interface: it gets a status and no words. */
const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

/**
 * Ends a body where it breaks off: the client closed its side too early, wrote invalid chunks, or took an hour. Whoever
 * reads it finds it ended and not `complete`, and answers in its own form; the connection is closed after the answer.
 */
export function endCutOffBodies(server: Server): void {
  const latest = new WeakMap<object, { request: IncomingMessage; response: ServerResponse }>()
  server.prependListener('request', (request, response) => latest.set(request.socket, { request, response }))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { request, response } = latest.get(socket) ?? {}
    if (!socket.writable) socket.destroy()
    else if (request && response && !request.complete) endBody(request, response)
    else {
      const status = STATUSES[error.code ?? ''] ?? 400
      const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
      socket.end(head, () => socket.destroy())
    }
  })
}

function endBody(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  if (response.writableFinished) {
    socket.destroySoon()
    return
  }
  response.shouldKeepAlive = false
  response.once('finish', () => socket.destroySoon())
  // Node would hang up at the end of a request that is not whole.
  request._destroy = (error, callback) => callback(error)
  request.push(null)
}

/**
 * Makes reading a body that is not whole fail with DomainError `malformed-body`, which names the byte: otherwise what
 * looks like the end of a list would be taken for it.
 */
export function refuseCutOffBodies(app: FastifyInstance): void {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { headers, raw } = request
    const length = headers['content-length']
    if (raw.complete || (length === undefined && headers['transfer-encoding'] === undefined)) {
      return done(null, payload)
    }
    const whole = Readable.from(wholeBody(raw, length), { objectMode: false })
    // Once nobody reads the body any more, it does not matter how it ends.
    whole.on('error', (err) =>
      request.log.info({ err, route: request.routeOptions.url }, 'a request broke off'),
    )
    done(null, whole)
  })
}

async function* wholeBody(raw: IncomingMessage, length: string | undefined): AsyncGenerator<Buffer> {
  let bytes = 0
  const cutOff = (cause?: unknown) => {
    const of = length === undefined ? '' : ` of ${length}`
    return new DomainError('malformed-body', `the body was cut off after byte ${bytes}${of}`, { cause })
  }
  try {
    for await (const part of raw.iterator({ destroyOnReturn: false })) {
      bytes += (part as Buffer).length
      yield part as Buffer
    }
  } catch (cause) {
    throw cutOff(cause)
  }
  if (!raw.complete) throw cutOff()
}
