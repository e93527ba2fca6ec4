import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'

export interface HealthParts {
  /** Rejects when the database does not answer. */
  probe(): Promise<void>
  journalPending(): boolean
  registry: Registry
  /** True for callers that may read the metrics from elsewhere. */
  isOperator(request: FastifyRequest): boolean
}

/**
 * `/healthz` (anyone: the process runs), `/readyz` (anyone: mail can be accepted now) and `/metrics` (the machine
 * itself, or the operator: figures of all tenants stand in it).
 */
export function registerHealth(app: FastifyInstance, parts: HealthParts): void {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const database = await parts.probe().then(
      () => 'ok',
      () => 'unavailable',
    )
    const journal = parts.journalPending() ? 'pending' : 'empty'
    const ready = database === 'ok' && journal === 'empty'
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', database, journal })
  })

  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request) && !parts.isOperator(request)) return reply.code(403).send({ status: 'forbidden' })
    return reply.type(parts.registry.contentType).send(await parts.registry.metrics())
  })
}

/** Whether a request comes from this machine; one forwarded by a proxy here does not. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
  return !forwarded && /^(::1|127\.|::ffff:127\.)/.test(socket.remoteAddress ?? '')
}
